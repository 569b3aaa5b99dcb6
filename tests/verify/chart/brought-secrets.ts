import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { root } from '../../../scripts/lib/root.ts';
import { type KubeObject, mountedSecrets, workloadsOf } from './manifest.ts';
import type { WrittenSecrets } from './settings.ts';

const PAGE = 'docs/operate/install.md';
/** How its table of Secrets begins. */
const HEAD = /^\| Secret \(`.*\n\|---\|---\|\n((?:\|.*\n)+)/m;

/**
 * What is wrong with the table of Secrets that somebody brings who turns the secrets Job off: each that pods of such an
 * installation mount must be in it, with the keys that the Job would write.
 */
export async function faultsOfBroughtSecrets(
  objects: readonly KubeObject[],
  written: WrittenSecrets,
): Promise<string[]> {
  const table = readTable(await readFile(path.join(root, PAGE), 'utf8'));
  const mounted = workloadsOf(objects).flatMap(({ name, pod }) =>
    mountedSecrets(pod).map((secret) => ({ name, component: secret.split('-').at(-1) ?? '' })),
  );
  return [
    ...mounted
      .filter(({ component }) => !table.has(component))
      .map(
        ({ name, component }) =>
          `${PAGE}: ${name} mounts the Secret of ${component}, which is not in the table`,
      ),
    ...[...table].flatMap(([component, keys]) => {
      const should = [...(written.filesOf(component)?.keys() ?? [])].sort().join(' ');
      const is = [...keys].sort().join(' ');
      return is === should
        ? []
        : [`${PAGE}: the Secret of ${component} has ${should}, and the table says ${is}`];
    }),
  ];
}

function readTable(page: string): ReadonlyMap<string, readonly string[]> {
  const rows = HEAD.exec(page)?.[1]?.trim().split('\n');
  if (!rows) throw new Error(`${PAGE} has lost its table of Secrets`);
  return new Map(
    rows.map((row) => {
      // What stands in brackets explains.
      const [, component = '', keys = ''] = row
        .replaceAll(/\([^)]*\)/g, '')
        .split('|')
        .map((cell) => cell.trim());
      return [component, [...keys.matchAll(/`([^`]+)`/g)].map(([, key]) => key as string)];
    }),
  );
}
