import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  COMMON_SETTINGS,
  integer,
  list,
  listen,
  readSettings,
  SettingsError,
  secretFile,
  secretUrlFile,
  text,
  url,
} from './settings.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'nightjar-settings-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const SETTINGS = {
  where: listen('NIGHTJAR_WHERE', 'where'),
  bus: url('NIGHTJAR_BUS', 'the bus'),
  count: integer('NIGHTJAR_COUNT', 'how many', { min: 1, max: 9 }, { fallback: '3' }),
  hops: list('NIGHTJAR_HOPS', 'hops', { fallback: '' }),
  level: text('NIGHTJAR_LEVEL', 'level', { fallback: 'info' }),
  secret: secretFile('NIGHTJAR_SECRET_FILE', 'a secret'),
};

function good() {
  const file = path.join(folder, 'secret');
  writeFileSync(file, ' hush \n');
  return {
    NIGHTJAR_WHERE: '127.0.0.1:0',
    NIGHTJAR_BUS: 'nats://a:4222',
    NIGHTJAR_SECRET_FILE: file,
    HOME: '/',
  };
}

function faults(env: NodeJS.ProcessEnv): string {
  try {
    readSettings(SETTINGS, env);
  } catch (error) {
    if (error instanceof SettingsError) return error.message;
    throw error;
  }
  return '';
}

test('values are parsed, secrets come out of their files, the rest falls back', () => {
  expect(readSettings(SETTINGS, { ...good(), NIGHTJAR_HOPS: 'a, b,,' })).toEqual({
    where: { host: '127.0.0.1', port: 0 },
    bus: 'nats://a:4222',
    count: 3,
    hops: ['a', 'b'],
    level: 'info',
    secret: 'hush',
  });
  expect(readSettings(SETTINGS, { ...good(), NIGHTJAR_WHERE: '[::1]:80' }).where).toEqual({
    host: '::1',
    port: 80,
  });
});

test('a misspelt setting is refused, others than ours are not looked at', () => {
  expect(faults({ ...good(), NIGHTJAR_LEVLE: 'x' })).toContain('NIGHTJAR_LEVLE: no such setting');
  expect(faults({ ...good(), LEVLE: 'x' })).toBe('');
});

test('all faults are told at once', () => {
  const told = faults({ NIGHTJAR_WHERE: 'here', NIGHTJAR_COUNT: '10', NIGHTJAR_SECRET_FILE: '/none' });
  for (const fault of [
    'NIGHTJAR_WHERE: must be HOST:PORT',
    'NIGHTJAR_BUS: not set (the bus)',
    'NIGHTJAR_COUNT: must be a whole number from 1 to 9',
    'NIGHTJAR_SECRET_FILE: its file cannot be read',
  ])
    expect(told).toContain(fault);
});

test.each(['1.5', '', 'x', '0', '-1', '1e9'])('%s is no number from 1 to 9', (value) => {
  expect(faults({ ...good(), NIGHTJAR_COUNT: value })).toContain('NIGHTJAR_COUNT');
});

test.each(['a:65536', ':80', '80', 'a:'])('%s is nowhere to listen', (value) => {
  expect(faults({ ...good(), NIGHTJAR_WHERE: value })).toContain('NIGHTJAR_WHERE');
});

test('no fault repeats a value: it may be a secret in the wrong place', () => {
  const env = {
    ...good(),
    NIGHTJAR_WHERE: 'hunter2',
    NIGHTJAR_COUNT: 'hunter2',
    NIGHTJAR_SECRET_FILE: '/hunter2',
  };
  expect(faults(env)).not.toContain('hunter2');
});

test('trusted hops are addresses and ranges, and a wrong one stops the start by its name', () => {
  const read = (value: string) =>
    readSettings({ hops: COMMON_SETTINGS.trustedHops }, { NIGHTJAR_TRUSTED_HOPS: value }).hops;
  expect(read('')).toEqual([]);
  expect(read('10.0.0.0/8, fd00::/8,192.0.2.1')).toEqual(['10.0.0.0/8', 'fd00::/8', '192.0.2.1']);
  expect(() => read('10.0.0.0/8,10.0.0.0/80')).toThrow(
    'NIGHTJAR_TRUSTED_HOPS: entry 2, 10.0.0.0/80, is no address and no range',
  );
});

test('a URL in a file is one of the server that it is for, and is never shown', () => {
  const settings = {
    nats: secretUrlFile('NIGHTJAR_NATS_URL_FILE', 'NATS', {
      protocols: ['nats:', 'tls:'],
      example: 'nats://USER:PASSWORD@HOST:PORT or tls://…',
    }),
  };
  const file = path.join(folder, 'nats-url');
  const read = (content: string) => {
    writeFileSync(file, content);
    return readSettings(settings, { NIGHTJAR_NATS_URL_FILE: file }).nats;
  };
  expect(read('nats://rooms:p%40ss@nats:4222\n')).toBe('nats://rooms:p%40ss@nats:4222');
  expect(read('tls://rooms:hush@nats:4222')).toBe('tls://rooms:hush@nats:4222');
  for (const wrong of ['rooms:hush@nats:4222', 'https://rooms:hush@nats', 'hush', '']) {
    expect(() => read(wrong)).toThrow(
      'NIGHTJAR_NATS_URL_FILE: its file must hold a URL, nats://USER:PASSWORD',
    );
    expect(() => read(wrong)).not.toThrow('hush');
  }
});
