/** What the bridge in a page says when something is in its way, and what it keeps. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startIntiface } from '@nightjar/testkit/servers/intiface';
import { until } from '../lib/until.ts';
import { type BridgeGround, startBridgeGround } from './lib/bridge-ground.ts';
import { startBrowser } from './lib/browser.ts';

const GENTLE = `{ levelMax: 0.3, jumpLevelMax: 0.3, risePerSecondMax: 2, continuousMsMax: 60000, recoveryShare: 1,
  cooldownMs: 0, kinds: ['vibrate'] }`;

let ground: BridgeGround;
beforeAll(async () => {
  ground = await startBridgeGround();
}, 120_000);
afterAll(async () => {
  await ground?.[Symbol.asyncDispose]();
}, 30_000);

test('a second tab cannot run the same bridge, and says which way is out', async () => {
  await using _first = await ground.studio();
  await using second = await ground.page();
  await second.begin();
  const seen = await second.until('it is said', ({ phase }) => phase === 'ended');
  expect(seen.problem?.code).toBe('journal_in_use');
});

describe('arming is refused, and why is told apart', () => {
  test('nothing answers there', async () => {
    await using studio = await ground.studio('ws://127.0.0.1:9');
    await studio.page.evaluate('bridge.arm()');
    await studio.until('it is said', ({ problem }) => problem?.code === 'engine_unreachable');
  });

  test('an engine that would let the device run on', async () => {
    await using engine = await startIntiface({ maxPingTimeMs: 0 });
    await using studio = await ground.studio(engine.url);
    await studio.page.evaluate('bridge.arm()');
    const seen = await studio.until('it is said', ({ problem }) => problem?.code === 'ping_time');
    expect(seen.view?.arm).toMatchObject({ phase: 'latched', why: 'device_refused' });
  });

  test('the browser does not let a page of elsewhere reach this computer, until a person allows it', async () => {
    await using browser = await startBrowser([`--ip-address-space-overrides=${ground.door.host}=public`]);
    const permission = { name: 'loopback-network' };
    const set = (setting: string) =>
      browser.tools.send('Browser.setPermission', { permission, setting, origin: ground.door.origin });
    await set('denied');
    await using studio = await ground.page(undefined, browser);
    await studio.begin();
    await studio.until('the bridge runs', ({ phase }) => phase === 'running');
    await studio.page.evaluate('bridge.look()');
    await studio.until('it is said', ({ problem }) => problem?.code === 'refused_by_browser');
    await set('granted');
    await studio.page.evaluate('bridge.look()');
    await studio.until('the device is there', ({ view }) => view?.deviceName === 'Lovense Hush');
  });

  test('no device is switched on', async () => {
    await using engine = await startIntiface({ maxPingTimeMs: 500 });
    await using studio = await ground.studio(engine.url);
    await studio.page.evaluate('bridge.arm()');
    await studio.until('it is said', ({ problem }) => problem?.code === 'no_device', 30_000);
  });
});

describe('a trial', () => {
  test('moves the device gently for a second, with the bridge latched, and stops it', async () => {
    await using studio = await ground.studio();
    const sinceMono = performance.now();
    await studio.page.evaluate('bridge.tryIt()');
    await studio.until('it is over', ({ view }) => view?.trial === 'done');
    await until('it rests', () => !ground.device.moves);
    const levels = ground.device.levels.filter(({ atMono }) => atMono > sinceMono);
    const moved = levels.find(({ level }) => level > 0);
    expect(Math.max(...levels.map(({ level }) => level))).toBe(4);
    const ms =
      (levels.find(({ atMono, level }) => level === 0 && atMono > (moved?.atMono ?? 0))?.atMono ?? 0) -
      (moved?.atMono ?? 0);
    expect(Math.abs(ms - 1_000)).toBeLessThan(250);
    expect((await studio.state()).view?.arm).toEqual({ phase: 'latched', why: 'start' });
  });

  test('is stopped by panic', async () => {
    await using studio = await ground.studio();
    await studio.page.evaluate('bridge.tryIt()');
    await until('it moves', () => ground.device.moves);
    const atMono = performance.now();
    await studio.page.evaluate('bridge.panic()');
    expect(await ground.device.stopAfter(atMono, 5_000)).toBeLessThan(250);
  });

  test('only looks where that is wanted, and says what is in the way', async () => {
    await using studio = await ground.studio();
    const sinceMono = performance.now();
    await studio.page.evaluate('bridge.look()');
    const seen = await studio.until('it is there', ({ view }) => view?.trial === 'done');
    expect(seen.view?.deviceName).toBe('Lovense Hush');
    expect(ground.device.levels.filter(({ atMono, level }) => atMono > sinceMono && level > 0)).toEqual([]);
    await using other = await ground.page('ws://127.0.0.1:9');
    await studio.page.close();
    await other.start();
    await other.page.evaluate('bridge.look()');
    await other.until('it is said', ({ problem }) => problem?.code === 'engine_unreachable');
  });
});

describe('the envelope', () => {
  test('of her own hand holds at the device, and after a reload', async () => {
    await using studio = await ground.studio();
    await studio.page.evaluate(`bridge.setEnvelope(${GENTLE})`);
    await studio.until('it holds', ({ envelopeFrom }) => envelopeFrom === 'broadcaster');
    await studio.page.reload();
    await studio.start();
    expect(
      await studio.until('it holds again', ({ envelopeFrom }) => envelopeFrom === 'broadcaster'),
    ).toMatchObject({
      envelope: { levelMax: 0.3 },
    });
    await studio.arm();
    const sinceMono = performance.now();
    await ground.tip('second');
    await until('it ran', () => ground.ends.at(-1) === 'ran' && !ground.device.moves);
    const levels = ground.device.levels.filter(({ atMono }) => atMono > sinceMono).map(({ level }) => level);
    expect(Math.max(...levels)).toBe(6);
  });

  test('that was changed by another hand does not hold: the default one does, and that is said', async () => {
    await using studio = await ground.studio();
    await studio.page.evaluate(`bridge.setEnvelope(${GENTLE})`);
    await studio.until('it holds', ({ envelopeFrom }) => envelopeFrom === 'broadcaster');
    await studio.page.evaluate(`(async () => {
      const folder = await navigator.storage.getDirectory();
      const handle = await folder.getFileHandle('envelope-${ground.room.roomId}.json');
      const signed = JSON.parse(await (await handle.getFile()).text());
      const text = atob(signed.body.replaceAll('-', '+').replaceAll('_', '/')).replace('0.3', '1.0');
      signed.body = btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
      const writable = await handle.createWritable();
      await writable.write(JSON.stringify(signed));
      await writable.close();
    })()`);
    await studio.page.reload();
    await studio.start();
    const seen = await studio.until('it is said', ({ problem }) => problem?.code === 'envelope_unsigned');
    expect([seen.envelopeFrom, seen.envelope.levelMax]).toEqual(['default', 0.8]);
  });
});
