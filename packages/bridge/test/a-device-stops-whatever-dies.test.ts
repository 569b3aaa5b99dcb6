/** The stop guarantee on a real engine: measured where the device's bytes arrive. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type IntifaceServer, startIntiface } from '@nightjar/testkit/servers/intiface';
import { SimulatedLovense } from '@nightjar/testkit/simulated-lovense';
import { intifaceDriver } from '../src/drivers/intiface.ts';
import { memoryStore } from '../src/journal.ts';
import { makeOutcomeKey } from '../src/outcome.ts';
import { type Bridge, startBridge } from '../src/run.ts';
import { LocalLink } from './support/local-link.ts';

let engine: IntifaceServer;
let device: SimulatedLovense;
const open: (() => unknown)[] = [];

beforeAll(async () => {
  engine = await startIntiface({ maxPingTimeMs: 500 });
  device = await SimulatedLovense.connect(engine.deviceUrl);
}, 60_000);

afterAll(async () => {
  for (const close of open) await close();
  device?.[Symbol.dispose]();
  await engine?.[Symbol.asyncDispose]();
}, 20_000);

async function until(what: string, holds: () => boolean, withinMs = 15_000): Promise<void> {
  for (const end = performance.now() + withinMs; !holds(); await new Promise((r) => setTimeout(r, 5))) {
    if (performance.now() > end) throw new Error(`not within ${withinMs} ms: ${what}`);
  }
}

async function armed(): Promise<{ bridge: Bridge; link: LocalLink }> {
  const link = new LocalLink();
  const bridge = startBridge({
    ...{ roomId: 'room_1', driver: intifaceDriver({ url: engine.url }), link, journal: memoryStore() },
    key: await makeOutcomeKey(),
  });
  open.push(() => bridge.close());
  link.up();
  bridge.arm();
  await until('the bridge is armed', () => bridge.view().arm.phase === 'armed' && bridge.view().permit);
  return { bridge, link };
}

async function bridgeProcess(): Promise<ChildProcess> {
  const script = path.join(import.meta.dirname, 'support/bridge-process.ts');
  const child = spawn(process.execPath, ['--conditions=nightjar-source', script, engine.url], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  open.push(() => child.kill('SIGKILL'));
  await until('the device moves', () => device.moves);
  return child;
}

describe('with the bridge in this process', () => {
  test('an effect moves the device and ends at rest, at the level that the envelope allows', async () => {
    const { bridge, link } = await armed();
    const fromMono = performance.now();
    link.tip('tip_1', 1_000);
    await until('the effect is over', () => link.outcomes.length > 0);
    const levels = device.levels.filter(({ atMono }) => atMono >= fromMono);
    console.log(
      `tip to device ${Math.round((levels[0]?.atMono ?? Infinity) - fromMono)} ms`,
      levels.map(({ level }) => level),
    );
    expect(Math.max(...levels.map(({ level }) => level))).toBe(16);
    expect(levels.at(-1)?.level).toBe(0);
    expect(link.outcomes[0]).toContain('"ran",1000,1000');
    await bridge.close();
  }, 30_000);

  test.each(['panic', 'server socket closed', 'permits refused', 'close'] as const)(
    '%s: the device rests',
    async (loss) => {
      const { bridge, link } = await armed();
      link.tip(`tip_${loss}`, 20_000);
      await until('the device moves', () => device.moves);
      await new Promise((resolve) => setTimeout(resolve, 300));
      const atMono = performance.now();
      if (loss === 'panic') bridge.panic();
      else if (loss === 'server socket closed') link.down();
      else if (loss === 'permits refused') link.grants = false;
      else void bridge.close();
      const ms = await device.stopAfter(atMono, 5_000);
      console.log(`${loss}: stop after ${Math.round(ms)} ms`);
      expect(ms).toBeLessThanOrEqual(loss === 'permits refused' ? 1_000 : 250);
      await bridge.close();
      expect(device.moves).toBe(false);
    },
    30_000,
  );
});

describe('when it may move again', () => {
  test('after a gap of permits in which the engine itself gave up the connection, the effect goes on, from rest', async () => {
    const { bridge, link } = await armed();
    link.tip('tip_gap', 3_000);
    await until('the device moves', () => device.moves);
    await new Promise((resolve) => setTimeout(resolve, 500));
    link.grants = false;
    await until('the engine closed the connection', () => bridge.view().device === 'down');
    expect(device.moves).toBe(false);
    link.grants = true;
    await until('the device moves again', () => device.moves);
    await until('the effect is over', () => link.outcomes.length > 0);
    expect(link.outcomes[0]).toContain('"ran",3000,3000');
    await bridge.close();
  }, 30_000);

  test('after a panic, when a person armed again', async () => {
    const { bridge, link } = await armed();
    bridge.panic();
    await until('the engine closed the connection', () => bridge.view().device === 'down');
    link.tip('tip_refused', 500);
    bridge.arm();
    await until('the bridge is armed', () => bridge.view().arm.phase === 'armed');
    link.tip('tip_again', 500);
    await until('both are told', () => link.outcomes.length > 1);
    expect(link.outcomes.map((outcome) => /"tip_\w+","\w+"/.exec(outcome)?.[0]).sort()).toEqual([
      '"tip_again","ran"',
      '"tip_refused","refused"',
    ]);
    await bridge.close();
  }, 30_000);
});

describe('with the bridge in a process of its own', () => {
  test('killed: the device rests within 1 s', async () => {
    const child = await bridgeProcess();
    await new Promise((resolve) => setTimeout(resolve, 500));
    const atMono = performance.now();
    child.kill('SIGKILL');
    const ms = await device.stopAfter(atMono, 5_000);
    console.log(`killed: stop after ${Math.round(ms)} ms`);
    expect(ms).toBeLessThanOrEqual(1_000);
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  }, 30_000);

  test('frozen: the device rests within 1.5 s, and the thawed bridge does not move it without rest and permit', async () => {
    const child = await bridgeProcess();
    await new Promise((resolve) => setTimeout(resolve, 500));
    const atMono = performance.now();
    child.kill('SIGSTOP');
    const ms = await device.stopAfter(atMono, 5_000);
    console.log(`frozen: stop after ${Math.round(ms)} ms`);
    expect(ms).toBeLessThanOrEqual(1_500);
    await new Promise((resolve) => setTimeout(resolve, 5_000 - ms));
    const thawedMono = performance.now();
    child.kill('SIGCONT');
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(device.levels.filter(({ atMono: at, level }) => at > thawedMono && level > 0)).toEqual([]);
    child.kill('SIGKILL');
  }, 30_000);
});
