import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { accessChecker } from '@nightjar/kit/access-token';
import { operate } from '../src/operator/main.ts';
import { authPlatform } from './auth-under-test.ts';
import { newDevice } from './device.ts';

const stack = new AsyncDisposableStack();
let base = '';
let env: NodeJS.ProcessEnv = {};
let folder = '';
let platform: Awaited<ReturnType<typeof authPlatform>>;
beforeAll(async () => {
  platform = stack.use(await authPlatform());
  base = stack.use(await platform.startAuth()).urls.http;
  folder = await mkdtemp(path.join(tmpdir(), 'nightjar-operator-'));
  stack.defer(() => rm(folder, { recursive: true }));
  const file = async (name: string, text: string) => {
    await writeFile(path.join(folder, name), text, { mode: 0o600 });
    return path.join(folder, name);
  };
  env = {
    NIGHTJAR_POSTGRES_URL_FILE: await file('url', `${platform.database.urls.auth}\n`),
    NIGHTJAR_SIGNING_SEAL_KEY_FILE: await file(
      'seal',
      Buffer.from(platform.config.sealKeys[0]).toString('base64'),
    ),
  };
});
afterAll(() => stack.disposeAsync());

async function operator(...args: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const code = await operate(args, env, { out: (line) => out.push(line), err: (line) => err.push(line) });
  return { code, out: out.join('\n'), err: err.join('\n') };
}

test('a key that nobody added is refused as a broadcaster, and is welcome as a viewer', async () => {
  const device = await newDevice();
  const answer = await device.signIn(base, { audience: 'rooms', broadcaster: true });
  expect([answer.status, answer.body.code]).toEqual([403, 'not_a_broadcaster']);
  const viewer = await device.signIn(base, { audience: 'rooms' });
  expect(viewer.status).toBe(201);
});

test('add prints the id, twice the same; the claim is there only where it was asked for; removed, it is lost', async () => {
  const checker = accessChecker(platform.nats, 'test');
  const device = await newDevice();
  const added = await operator('broadcaster', 'add', '--public-key', device.publicKey);
  expect(added).toMatchObject({ code: 0, err: '', out: expect.stringMatching(/^bcst_[0-9a-f-]{36}$/) });
  expect(await operator('broadcaster', 'add', '--public-key', device.publicKey)).toEqual(added);
  const asBroadcaster = await device.signIn(base, { audience: 'rooms', broadcaster: true });
  await expect(checker.check(`Bearer ${asBroadcaster.body.accessToken}`, 'rooms')).resolves.toEqual({
    subject: asBroadcaster.body.subject,
    broadcasterId: added.out,
  });
  const asViewer = await device.signIn(base, { audience: 'rooms' });
  await expect(checker.check(`Bearer ${asViewer.body.accessToken}`, 'rooms')).resolves.toEqual({
    subject: asBroadcaster.body.subject,
  });
  expect((await operator('broadcaster', 'list')).out).toContain(`${added.out}  active  ${device.publicKey}`);

  expect(await operator('broadcaster', 'remove', '--id', added.out)).toMatchObject({ code: 0 });
  const after = await device.signIn(base, { audience: 'rooms', broadcaster: true });
  expect([after.status, after.body.code]).toEqual([403, 'not_a_broadcaster']);
  expect((await device.signIn(base, { audience: 'rooms' })).status).toBe(201);
  expect(await operator('broadcaster', 'remove', '--public-key', device.publicKey)).toMatchObject({
    code: 1,
  });
  expect(await operator('broadcaster', 'add', '--public-key', device.publicKey)).toEqual(added);
});

test.each(['-', '--', '_'])('a key that begins with %s is a key', async (begin) => {
  const key = Buffer.from(begin.padEnd(43, 'A'), 'base64url').toString('base64url');
  expect(await operator('broadcaster', 'add', '--public-key', key)).toMatchObject({ code: 0, err: '' });
  expect(await operator('broadcaster', 'remove', '--public-key', key)).toMatchObject({ code: 0 });
});

test('added twice at the same moment, a key is one broadcaster', async () => {
  const device = await newDevice();
  const added = await Promise.all(
    [1, 2, 3, 4].map(() => operator('broadcaster', 'add', '--public-key', device.publicKey)),
  );
  expect(new Set(added.map(({ out }) => out)).size).toBe(1);
  expect(added.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
});

test('keys rotate publishes the next key; said again, it says which one waits', async () => {
  const rotated = await operator('keys', 'rotate');
  expect(rotated).toMatchObject({ code: 0, out: expect.stringContaining('signs from') });
  const [kid = ''] = rotated.out.split(' ');
  expect((await operator('keys', 'rotate')).out).toMatch(new RegExp(`^${kid} is published already`));
  expect((await operator('keys', 'list')).out.split('\n')).toHaveLength(2);
});

test.each([
  [[], 2, 'say what to do'],
  [['broadcaster'], 2, "no command 'broadcaster'"],
  [['broadcaster', 'add'], 2, 'needs --public-key'],
  [['broadcaster', 'add', '--public-key', 'short'], 2, '43 characters'],
  [['broadcaster', 'add', '--pubkey', 'x'], 2, '--pubkey'],
  [['broadcaster', 'remove'], 2, 'either --id'],
  [['broadcaster', 'remove', '--id', '7'], 2, 'looks like bcst_'],
  [['broadcaster', 'list', '--id', 'x'], 2, 'takes no --id'],
  [['broadcaster', 'remove', '--id', 'bcst_00000000-0000-4000-8000-000000000000'], 1, 'no such'],
])('%j ends with %i and says why', async (args, code, why) => {
  const said = await operator(...args);
  expect(said).toMatchObject({ code, out: '', err: expect.stringContaining(why) });
});

test('as a program: help on 0, missing settings on 2, PostgreSQL away on 1, each in words', async () => {
  const run = (args: string[], variables: NodeJS.ProcessEnv) =>
    new Promise<{ code: unknown; out: string; err: string }>((resolve) => {
      const program = new URL('../src/operator.ts', import.meta.url).pathname;
      execFile(
        process.execPath,
        ['--conditions=nightjar-source', program, ...args],
        { env: variables },
        (error, out, err) => resolve({ code: error?.code ?? 0, out, err }),
      );
    });
  expect(await run(['help'], {})).toMatchObject({ code: 0, out: expect.stringContaining('Usage:') });
  expect(await run(['broadcaster', 'list'], {})).toMatchObject({
    code: 2,
    err: expect.stringContaining('NIGHTJAR_POSTGRES_URL_FILE: not set'),
  });
  const nowhere = path.join(folder, 'nowhere');
  await writeFile(nowhere, 'postgres://nobody@127.0.0.1:1/none');
  expect(await run(['broadcaster', 'list'], { NIGHTJAR_POSTGRES_URL_FILE: nowhere })).toMatchObject({
    code: 1,
    err: 'operator: PostgreSQL cannot be reached; is it running?\n',
  });
  expect(await run(['broadcaster', 'list'], env)).toMatchObject({ code: 0, err: '' });
});
