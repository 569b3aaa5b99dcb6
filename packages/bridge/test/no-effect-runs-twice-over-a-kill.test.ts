import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { CommandLine } from './support/command-line.ts';
import { ROOM, TinyPlatform } from './support/tiny-platform.ts';

const TIP = 'tip_00000000-0000-7000-8000-000000000001';
const OTHER = 'tip_00000000-0000-7000-8000-000000000002';

let platform: TinyPlatform;
let folder: string;
let running: CommandLine[];

beforeEach(async () => {
  platform = await TinyPlatform.start();
  folder = mkdtempSync(path.join(tmpdir(), 'nightjar-bridge-'));
  writeFileSync(path.join(folder, 'endpoints.json'), JSON.stringify(platform.endpoints));
  running = [];
});

afterEach(async () => {
  for (const bridge of running) await bridge.end('SIGKILL');
  await platform[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

function start(...args: string[]): CommandLine {
  const all = ['--room', ROOM, '--endpoints', path.join(folder, 'endpoints.json'), ...args];
  const bridge = new CommandLine(all, { NIGHTJAR_HOME: folder });
  running.push(bridge);
  return bridge;
}

async function armed(): Promise<CommandLine> {
  const bridge = start('--arm');
  await bridge.until(
    'armed and permitted',
    () => bridge.state?.arm?.phase === 'armed' && bridge.state.permit === true,
  );
  return bridge;
}

test('a tip is driven, its outcome signed and settled, and nothing of it is left in the journal', async () => {
  const bridge = await armed();
  platform.tip(TIP, 300);
  await bridge.until('the outcome', () => platform.outcomesOf(TIP).length > 0);
  expect(platform.outcomesOf(TIP)[0]).toContain('"ran",300,300');
  expect(bridge.writes.filter(({ tipId }) => tipId === TIP).length).toBeGreaterThan(3);
  expect(await bridge.end('SIGTERM')).toBe(0);
  await armed();
  const journal = readFileSync(path.join(folder, 'nightjar', `bridge-${ROOM}.jsonl`), 'utf8');
  expect(journal.split('\n')[0]).toBe(JSON.stringify({ k: 'acked', tipId: TIP }));
}, 60_000);

test('killed in mid-effect: after the restart the effect is not run again, and is told as partly until settled', async () => {
  platform.settles = false;
  const first = await armed();
  platform.tip(TIP, 20_000);
  await first.until('the device moves', () => first.moves);
  await new Promise((resolve) => setTimeout(resolve, 1_300));
  expect(await first.end('SIGKILL')).toBe('SIGKILL');

  const second = await armed();
  await second.until('the outcome', () => platform.outcomesOf(TIP).length > 0);
  expect(platform.outcomesOf(TIP)[0]).toMatch(/"partly",1\d\d\d,20000,"crash"/);
  platform.tip(OTHER, 300);
  await second.until('the next effect', () => platform.outcomesOf(OTHER).length > 0);
  expect(second.writes.some(({ tipId }) => tipId === TIP)).toBe(false);
  await second.end('SIGKILL');

  platform.settles = true;
  const third = await armed();
  await third.until('the same outcome again', () => platform.outcomesOf(TIP).length > 1);
  expect(new Set(platform.outcomesOf(TIP)).size).toBe(1);
}, 60_000);

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  '%s: a stop is written before the end',
  async (signal) => {
    const bridge = await armed();
    platform.tip(TIP, 20_000);
    await bridge.until('the device moves', () => bridge.moves);
    expect(await bridge.end(signal)).toBe(0);
    expect(bridge.writes.at(-1)?.what).toBe('stop');
    expect(platform.outcomesOf(TIP)[0]).toContain('"partly"');
  },
  60_000,
);

test('s stops and latches, a arms; without --arm nothing moves before that', async () => {
  const bridge = start();
  await bridge.until('it is there', () => platform.heard.some(({ t }) => t === 'seat'));
  platform.tip(TIP, 20_000);
  await bridge.until('the refusal', () => platform.outcomesOf(TIP).length > 0);
  expect(platform.outcomesOf(TIP)[0]).toContain('"refused",0,20000,"not_armed"');
  bridge.type('a\n');
  await bridge.until('armed', () => bridge.state?.arm?.phase === 'armed');
  platform.tip(OTHER, 20_000);
  await bridge.until('the device moves', () => bridge.moves);
  bridge.type('s\n');
  await bridge.until('latched', () => bridge.state?.arm?.why === 'panic');
  expect(bridge.moves).toBe(false);
  expect(bridge.writes.filter(({ tipId }) => tipId === TIP)).toEqual([]);
}, 60_000);

test('two bridges cannot share a journal', async () => {
  await armed();
  const second = start('--arm');
  expect(await second.end()).toBe(1);
  expect(second.errors).toContain("has this room's journal");
}, 60_000);
