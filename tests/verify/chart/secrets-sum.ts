import { cp, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { temporaryFolder } from '../../lib/temporary-folder.ts';
import { workloadsOf } from './manifest.ts';
import { secretsSumOf } from './object-rules.ts';
import { CHART, type Rendered, render } from './render.ts';
import type { Variant } from './variants.ts';

/** What a version after this one might have. */
const LATER: readonly {
  readonly what: string;
  readonly file: string;
  change(text: string): string;
}[] = [
  {
    what: 'a new key in the Secret of a service',
    file: 'files/services.yaml.tpl',
    change: (text) => text.replace('  secret:\n', '  secret:\n    new-key: NIGHTJAR_NEW_KEY_FILE\n'),
  },
  {
    what: 'a new user of NATS',
    file: 'files/nats-permissions.json',
    change: (text) => JSON.stringify({ ...JSON.parse(text), newcomer: { publish: { allow: [] } } }),
  },
];

/**
 * What is wrong with the sum that pods wait for: what a later version adds to Secrets must make it another one, and other
 * images alone must not, or each upgrade would restart the engines.
 */
export async function faultsOfSecretsSum(variant: Variant, { objects }: Rendered): Promise<string[]> {
  const now = secretsSumOf(workloadsOf(objects));
  const sumOf = async (options: Parameters<typeof render>[1]) =>
    secretsSumOf(workloadsOf((await render(variant, options)).objects));
  const faults = LATER.map(async ({ what, file, change }) => {
    await using folder = await temporaryFolder('chart');
    const chart = path.join(folder.path, 'nightjar');
    await cp(CHART, chart, { recursive: true });
    const text = await readFile(path.join(CHART, file), 'utf8');
    const changed = change(text);
    if (changed === text) throw new Error(`${file} has no place for ${what}`);
    await writeFile(path.join(chart, file), changed);
    return (await sumOf({ chart })) === now ? [`pods of a version with ${what} do not wait for it`] : [];
  });
  const other = await sumOf({ set: ['image.tag=9.9.9'] });
  return [
    ...(await Promise.all(faults)).flat(),
    ...(other === now ? [] : ['other images restart whatever mounts a Secret, the engines among them']),
  ];
}
