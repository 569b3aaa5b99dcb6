import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { SERVER_KNOWS } from './what-server-knows.ts';

const services = path.join(import.meta.dirname, '../../..');
const text = JSON.stringify(SERVER_KNOWS);

function figure(file: string, name: string): number {
  const found = new RegExp(`${name} = ([0-9_]+)`).exec(readFileSync(path.join(services, file), 'utf8'))?.[1];
  return Number(found?.replaceAll('_', ''));
}

test('how long things are kept is what the services say', () => {
  expect(figure('events/src/limits.ts', 'LOG_ENTRIES_KEPT')).toBe(1_000);
  expect(text).toContain('1,000 entries');
  expect(figure('events/redis/room.lua', 'LOG_KEPT_MS')).toBe(24 * 3_600_000);
  expect(text).toContain('at most a day');
  expect(figure('payments/src/limits.ts', 'EVENTS_KEPT_DAYS')).toBe(7);
  expect(text).toContain('7 days');
});

test('an account still is an id and its keys, without a time', () => {
  const sql = readFileSync(path.join(services, 'auth/migrations/0001-identity.sql'), 'utf8');
  const tables = /create table accounts[\s\S]*?create table broadcasters/.exec(sql)?.[0] ?? '';
  expect(tables).toContain('public_key');
  expect(tables).not.toMatch(/timestamp|date|_at\b/);
});
