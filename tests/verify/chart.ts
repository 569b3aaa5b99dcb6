/**
 * What the chart makes is what we say of it: each set of values in helm/nightjar/ci is rendered and judged by its own
 * schema, by Kubernetes' schemas, by our rules, by the services' own settings, by what its policies let through beside the
 * table of docs/architecture.md, by Checkov, and by a real Kubernetes API, to which everything is applied.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Program } from '../../scripts/lib/programs.ts';
import { root } from '../../scripts/lib/root.ts';
import { readWhoTalks } from '../../scripts/lib/who-talks.ts';
import { say } from '../lib/print.ts';
import { faultsOfBroughtSecrets } from './chart/brought-secrets.ts';
import { judgeByCheckov } from './chart/checkov.ts';
import { applyForReal, faultsOfRights, notesOf, refusesPlants, startPlane } from './chart/control-plane.ts';
import { workloadsOf } from './chart/manifest.ts';
import { faultsOfObjects } from './chart/object-rules.ts';
import { compareReach } from './chart/reachability.ts';
import { type Rendered, render } from './chart/render.ts';
import { judgeBySchemas } from './chart/schemas.ts';
import { faultsOfSecretsSum } from './chart/secrets-sum.ts';
import { faultsOfSettings, writeSecrets } from './chart/settings.ts';
import { faultsOfWrongValues, lint, WRONG_VALUES } from './chart/values.ts';
import { VARIANTS, type Variant } from './chart/variants.ts';

export const run: Program = async () => {
  const faults: string[] = [];
  const step = async <T>(
    what: (result: T) => string,
    work: () => Promise<T>,
    wrong: (result: T) => readonly string[],
  ) => {
    const start = performance.now();
    const result = await work();
    const found = wrong(result);
    faults.push(...found);
    say(`${seconds(start)}  ${found.length === 0 ? 'ok    ' : 'FAILED'}  ${what(result)}`);
    for (const fault of found) say(`            ${fault}`);
    return result;
  };
  // It takes its time to come up, and there is enough to do meanwhile.
  const starting = startPlane();
  starting.catch(() => {});
  await using stack = new AsyncDisposableStack();
  stack.defer(async () => (await starting.catch(() => undefined))?.[Symbol.asyncDispose]());

  await step(
    () => `helm lint --strict, ${VARIANTS.length} sets of values`,
    lint,
    () => [],
  );
  await step(
    () => `${WRONG_VALUES} wrong values are refused in plain words`,
    faultsOfWrongValues,
    (found) => found,
  );
  const [first] = VARIANTS as readonly [Variant, ...Variant[]];
  const rendered = new Map<string, Rendered>();
  await step(
    (unstable) => `rendered twice, ${unstable.length === 0 ? 'the same' : 'and not the same'} both times`,
    async () => {
      const unstable: string[] = [];
      for (const variant of VARIANTS) {
        const [once, again] = await Promise.all([render(variant), render(variant)]);
        rendered.set(variant.name, once);
        if (once.text !== again.text) unstable.push(`${variant.name} is another at each rendering`);
      }
      return unstable;
    },
    (unstable) => unstable,
  );
  const objectsOf = (name: string) => rendered.get(name) as Rendered;

  await step(
    (valid) => `${valid} objects fit the schemas of the oldest Kubernetes`,
    async () => judgeBySchemas([...rendered.values()].map(({ text }) => text).join('\n---\n')),
    () => [],
  );
  await step(
    () => 'pods wait for the Secrets of a new version where it adds something to them, and only there',
    () => faultsOfSecretsSum(first, objectsOf(first.name)),
    (found) => found,
  );
  const written = stack.use(await writeSecrets());
  const talks = readWhoTalks(await readFile(path.join(root, 'docs/architecture.md'), 'utf8'));
  for (const variant of VARIANTS) {
    const { objects } = objectsOf(variant.name);
    const workloads = workloadsOf(objects);
    await step(
      () => `${variant.name}: ${objects.length} objects by our rules`,
      async () => faultsOfObjects(objects),
      (found) => found,
    );
    await step(
      () => `${variant.name}: settings, read by the programs themselves`,
      async () => (await Promise.all(workloads.map((each) => faultsOfSettings(each, written)))).flat(),
      (found) => found,
    );
    await step(
      ({ compared, open }) =>
        `${variant.name}: of ${compared} connections ${open} are let through, as in the table`,
      async () => compareReach(objects, variant, talks),
      (comparison) => comparison.faults,
    );
  }
  await step(
    () => 'Secrets that are brought: each that is mounted, and its keys, are in docs/operate/install.md',
    () => faultsOfBroughtSecrets(objectsOf('bring-your-own').objects, written),
    (found) => found,
  );
  await step(
    ({ passed, accepted }) => `Checkov: ${passed} passed, ${accepted} accepted with a reason`,
    () => judgeByCheckov(Object.fromEntries([...rendered].map(([name, { text }]) => [name, text]))),
    (judgement) => judgement.faults,
  );
  const plane = await step(
    () => 'a Kubernetes API of our own',
    () => starting,
    () => [],
  );
  await step(
    () => 'the notes name the address, and nothing that is not there',
    () =>
      Promise.all(VARIANTS.map(async (variant) => [variant.name, await notesOf(plane, variant)] as const)),
    (notes) =>
      notes
        .filter(([, text]) => !/Open it: https?:\/\/\S+/.test(text) || /<no value>|<nil>|%!/.test(text))
        .map(([name, text]) => `${name}: notes that help nobody:\n${text}`)
        .concat(VARIANTS.flatMap((variant) => faultsOfForgetting(variant, new Map(notes).get(variant.name)))),
  );
  let applied = 0;
  for (const variant of VARIANTS) {
    applied += await step(
      (count) =>
        `${variant.name}: ${count} objects applied, in a restricted namespace; every workload has its pods`,
      () => applyForReal(plane, variant, objectsOf(variant.name)),
      () => [],
    );
  }
  await step(
    () => 'the secrets Job may create, read and change its Secrets, and no account may do anything else',
    () => faultsOfRights(plane, objectsOf(first.name)),
    (found) => found,
  );
  const refused = await step(
    (count) => `${count} planted faults are refused: a misspelt field, a pod of root`,
    () => refusesPlants(plane, first, objectsOf(first.name)),
    () => [],
  );
  return { verify: 'chart', ok: faults.length === 0, objects: applied, refused_plants: refused };
};

/** What was there before outlives the release, and what was written into it too. */
function faultsOfForgetting({ name, brings = [] }: Variant, notes = ''): string[] {
  return brings
    .filter((namespace) => !notes.includes(`-n ${namespace} delete secret`))
    .map((namespace) => `${name}: the notes do not say how the Secret in ${namespace} is forgotten`);
}

function seconds(start: number): string {
  return `${((performance.now() - start) / 1_000).toFixed(1).padStart(5)} s`;
}
