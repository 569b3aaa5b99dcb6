import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { makePolicyKeys, publicLineOf } from '@nightjar/fence/node/policy-keys';
import { silentLog } from '@nightjar/kit/log';
import { factsKeys } from '@nightjar/kit/signed-facts';
import fc from 'fast-check';
import { CATALOGUE, ENTRY_NAMES, type Values } from './catalogue.ts';
import { folderStore } from './folder-store.ts';
import { readGiven } from './given.ts';
import { makeSecrets } from './run.ts';
import { linesOf, type SecretStore } from './store.ts';
import { fillVault } from './vault.ts';

const VAULT = { name: 'nj-generated' };
const MADE = ENTRY_NAMES.filter((name) => CATALOGUE[name].make || CATALOGUE[name].publicHalf);

let folder: string;
let store: SecretStore;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'nightjar-vault-'));
  store = folderStore(folder);
});
afterEach(() => rm(folder, { recursive: true }));

test('what is made holds for ever', async () => {
  const first = await fillVault(store, VAULT, {}, 0);
  expect(Object.keys(first.values).sort()).toEqual([...MADE].sort());
  expect(first.made).toBe(MADE.length);
  const second = await fillVault(store, VAULT, {}, 1_000_000);
  expect(second).toEqual({ values: first.values, made: 0 });
});

test('programs that begin at once, and one that was killed before, end with the same values and with pairs that fit', async () => {
  await fc.assert(
    fc.asyncProperty(fc.subarray(MADE), fc.integer({ min: 2, max: 4 }), async (survived, programs) => {
      await rm(path.join(folder, VAULT.name), { recursive: true, force: true });
      const whole = (await fillVault(store, VAULT, {}, 0)).values;
      for (const name of MADE.filter((each) => !survived.includes(each)))
        await rm(path.join(folder, VAULT.name, name));
      const results = await Promise.all(
        Array.from({ length: programs }, (_, i) => fillVault(store, VAULT, {}, (i + 1) * 60_000)),
      );
      const [{ values = {} } = {}] = results;
      for (const each of results) expect(each.values).toEqual(values);
      // Public halves may have to grow: a private key that was lost was made anew.
      for (const name of survived.filter((each) => !CATALOGUE[each].publicHalf))
        expect(values[name]).toBe(whole[name]);
      expect(values['fence-public-keys']).toContain(publicLineOf(values['fence-key'] ?? '').trim());
      expect(values['edge-public-keys']).toContain(
        CATALOGUE['edge-public-keys'].publicHalf?.line(values['edge-key'] ?? '').trim(),
      );
      for (const name of MADE) expect(CATALOGUE[name].fault((values[name] ?? '').trim())).toBeUndefined();
    }),
    { numRuns: 25 },
  );
});

test('what is given is taken and never kept', async () => {
  const given: Values = { 'livekit-secret': 'L'.repeat(40), 'redis-url': 'redis://cache.example' };
  const { values } = await fillVault(store, VAULT, given, 0);
  expect(values).toMatchObject(given);
  const kept = await store.read(VAULT);
  expect(kept).not.toHaveProperty('livekit-secret');
  expect(kept).not.toHaveProperty('redis-url');
});

test('each private key that is exchanged joins those that are trusted, until its line is taken out; then it stays out', async () => {
  const file = (name: string) => path.join(folder, VAULT.name, name);
  const fill = async (given: Values = {}) => (await fillVault(store, VAULT, given, 0)).values;
  const trusted = (values: Values) => (values['fence-public-keys'] ?? '').split('\n');
  const [first] = trusted(await fill());
  const [second, third, fourth] = [1, 2, 3].map((day) => makePolicyKeys(day * 86_400_000));
  if (!second || !third || !fourth) throw new RangeError('three pairs');
  const line = ({ publicFile }: { publicFile: string }) => publicFile.trim();
  // In the vault or given: it makes no difference.
  await writeFile(file('fence-key'), second.privateFile);
  expect(trusted(await fill())).toEqual([first, line(second)]);
  const given = { 'fence-key': third.privateFile.trim() };
  expect(trusted(await fill(given))).toEqual([first, line(second), line(third)]);
  expect(trusted(await fill(given))).toEqual([first, line(second), line(third)]);
  await writeFile(file('fence-key'), fourth.privateFile);
  const four = await fill();
  expect(trusted(four)).toEqual([first, line(second), line(third), line(fourth)]);
  expect(factsKeys(four['edge-public-keys'] ?? '').size).toBe(1);
  expect((await stat(file('fence-public-keys'))).mode & 0o777).toBe(0o600);

  await writeFile(file('fence-public-keys'), `${line(third)}\n`);
  expect(trusted(await fill())).toEqual([line(third), line(fourth)]);
  expect(trusted(await fill())).toEqual([line(third), line(fourth)]);
});

test('lines that several programs add to one value at once are all there, each once', async () => {
  const lines = ['one', 'two', 'three', 'four'];
  for (const before of [undefined, 'zero', 'zero\n']) {
    const ref = { name: `lines-${before?.length ?? 0}` };
    if (before !== undefined) await store.add(ref, { keys: before });
    await Promise.all([...lines, ...lines].map((keys) => store.addLines(ref, { keys })));
    const expected = [...(before === undefined ? [] : ['zero']), ...lines];
    expect(linesOf((await store.read(ref))?.keys ?? '').sort()).toEqual(expected.sort());
  }
});

test('public keys that were given with their private one are all that is trusted', async () => {
  await fillVault(store, VAULT, {}, 0);
  const { privateFile, publicFile } = makePolicyKeys(1_000_000);
  const both = { 'fence-key': privateFile.trim(), 'fence-public-keys': publicFile.trim() };
  expect((await fillVault(store, VAULT, both, 0)).values['fence-public-keys']).toBe(publicFile.trim());
});

test('a private key whose public half would spoil those that are trusted is refused, and these stay', async () => {
  const { values } = await fillVault(store, VAULT, {}, 0);
  // Of the same second, so of the same id.
  const { privateFile } = makePolicyKeys(0);
  await expect(fillVault(store, VAULT, { 'fence-key': privateFile.trim() }, 0)).rejects.toThrow(
    'the public half of fence-key does not fit into fence-public-keys: another key has its id',
  );
  expect((await fillVault(store, VAULT, {}, 0)).values).toEqual(values);
});

test('what an editor leaves around a value is no part of it', async () => {
  const { values } = await fillVault(store, VAULT, {}, 0);
  for (const name of MADE) await writeFile(path.join(folder, VAULT.name, name), ` ${values[name]}\r\n\n`);
  expect((await fillVault(store, VAULT, {}, 0)).values).toEqual(values);
});

test('public keys that do not fit the private one are refused', async () => {
  const { publicFile } = makePolicyKeys(0);
  await expect(fillVault(store, VAULT, { 'fence-public-keys': publicFile.trim() }, 0)).rejects.toThrow(
    'the fence-public-keys that were given do not have the public half of fence-key',
  );
});

test('a vault with a damaged value is refused, and nothing of the value is said', async () => {
  await fillVault(store, VAULT, {}, 0);
  await writeFile(path.join(folder, VAULT.name, 'seal-keys'), '{"current":"hush"');
  const failure = await fillVault(store, VAULT, {}, 0).catch((error: Error) => error.message);
  expect(failure).toContain('seal-keys: must be a file');
  expect(failure).not.toContain('hush');
});

test('a given file that is no entry, or of no use, is named, and what Kubernetes puts beside them is passed over', async () => {
  const file = (name: string, value: string) => writeFile(path.join(folder, name), value);
  await file('..data', '');
  await file('livekit-secret', `${'S'.repeat(32)}\n`);
  expect(await readGiven(folder)).toEqual({ 'livekit-secret': 'S'.repeat(32) });
  await file('livekit-secert', 'x');
  await file('pseudonym-key', 'hush');
  const failure = await readGiven(folder).catch((error: Error) => error.message);
  expect(failure).toContain('livekit-secert: no such secret');
  expect(failure).toContain('pseudonym-key: must be 32 random bytes in base64');
  expect(failure).not.toContain('hush');
  await expect(readGiven(path.join(folder, 'nowhere'))).rejects.toThrow('cannot be read (ENOENT)');
});

test('files are for their owner alone; what is right is not written again, and what is no key any more goes', async () => {
  const installation = {
    prefix: 'nj',
    servers: { postgres: 'postgres://db/nightjar', nats: 'nats://nats', redis: 'redis://redis' },
    livekit: { keyName: 'nightjar', namespace: undefined },
  };
  const run = () => makeSecrets({ store, given: {}, installation, nowMs: 0, log: silentLog });
  await run();
  const auth = path.join(folder, 'nj-auth');
  expect((await stat(auth)).mode & 0o777).toBe(0o700);
  for (const name of await readdir(auth))
    expect((await stat(path.join(auth, name))).mode & 0o777).toBe(0o600);
  const { mtimeNs: before } = await stat(path.join(auth, 'postgres-url'), { bigint: true });
  await writeFile(path.join(auth, 'former-key'), 'x');
  await run();
  expect((await stat(path.join(auth, 'postgres-url'), { bigint: true })).mtimeNs).toBe(before);
  expect(await readdir(auth)).not.toContain('former-key');
});

test('a folder that cannot be written is named with the way out', async () => {
  const file = path.join(folder, 'a-file');
  await writeFile(file, '');
  await expect(fillVault(folderStore(file), VAULT, {}, 0)).rejects.toThrow(
    `the folder of secrets, ${file}, cannot be used (ENOTDIR)`,
  );
});
