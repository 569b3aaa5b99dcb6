import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from '@jest/globals';
import { testDatabase } from '@nightjar/testkit/test-servers';

const PROGRAM = path.join(import.meta.dirname, '../src/migrate.ts');

async function migrate(env: Readonly<Record<string, string>>) {
  const child = spawn(
    process.execPath,
    ['--conditions=nightjar-source', '--disable-warning=ExperimentalWarning', PROGRAM],
    { env, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const [[code], out, said] = await Promise.all([
    once(child, 'exit'),
    text(child.stdout),
    text(child.stderr),
  ]);
  return { code, out, said };
}

test('the program is run with the URL of its role, and nothing else; a second time it has nothing to do', async () => {
  await using database = await testDatabase({ schemas: ['rooms'] });
  const folder = await mkdtemp(path.join(tmpdir(), 'nightjar-migrate-'));
  const file = path.join(folder, 'postgres-url');
  await writeFile(file, database.urls.rooms);
  // What else the service is given does not matter here.
  const env = { NIGHTJAR_POSTGRES_URL_FILE: file, NIGHTJAR_HTTP_LISTEN: '0.0.0.0:8080' };
  const first = await migrate(env);
  expect(first).toMatchObject({ code: 0, said: '' });
  expect(first.out).toContain('"migration":"001-rooms","code":"Success"');
  expect(await migrate(env)).toEqual({ code: 0, out: '', said: '' });
  expect(await migrate({})).toMatchObject({
    code: 1,
    said: expect.stringContaining('NIGHTJAR_POSTGRES_URL_FILE: not set'),
  });
  await rm(folder, { recursive: true });
}, 30_000);
