import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { runToEnd } from '@nightjar/testkit/kubernetes/run';
import { findEngine } from '@nightjar/testkit/servers/engines';
import { parse, parseAllDocuments } from 'yaml';
import { root } from '../../../scripts/lib/root.ts';
import type { KubeObject } from './manifest.ts';
import type { Variant } from './variants.ts';

export const CHART = path.join(root, 'helm/nightjar');

export interface Rendered {
  readonly text: string;
  readonly objects: readonly KubeObject[];
}

/** What `helm install` would apply, of this chart or of another one, with what is set besides. */
export async function render(
  variant: Variant,
  { chart = CHART, set = [] }: { readonly chart?: string; readonly set?: readonly string[] } = {},
): Promise<Rendered> {
  const args = [variant.release, chart, '--namespace', variant.namespace, '--values', valuesFile(variant)];
  const text = await helm(['template', ...args, ...set.flatMap((each) => ['--set', each])]);
  return { text, objects: parseObjects(text) };
}

export async function helm(args: readonly string[], stdin?: string): Promise<string> {
  return runToEnd((await findEngine('helm')).program, args, { stdin });
}

export function valuesFile({ name }: Pick<Variant, 'name'>): string {
  return path.join(CHART, 'ci', `${name}-values.yaml`);
}

export function parseObjects(text: string): KubeObject[] {
  return parseAllDocuments(text)
    .map((document) => document.toJS() as KubeObject | null)
    .filter((object) => object !== null);
}

export async function readYaml(file: string): Promise<unknown> {
  return parse(await readFile(file, 'utf8'));
}
