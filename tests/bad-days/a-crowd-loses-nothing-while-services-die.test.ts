import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { platformUnderTest, type TestPlatform } from '../lib/platform-under-test.ts';
import { until } from '../lib/until.ts';
import { figuresOf } from '../verify/cluster/figures.ts';
import { type Load, startLoad } from '../verify/cluster/load/load.ts';

const TEST_MS_MAX = 120_000;

let platform: TestPlatform;
let load: Load;

beforeAll(async () => {
  platform = await platformUnderTest({ edge: true, instances: { events: 2, edge: 2 } });
  load = await startLoad({
    origin: platform.endpoints.edge ?? '',
    seed: 1,
    viewers: 10,
    tipsPerSecond: 6,
    linesPerSecond: 3,
    tokens: 1_000n,
    admit: async (publicKey) => {
      await platform.operator('broadcaster', 'add', '--public-key', publicKey);
    },
  });
}, TEST_MS_MAX);

afterAll(async () => {
  await load?.[Symbol.asyncDispose]();
  await platform?.[Symbol.asyncDispose]();
}, TEST_MS_MAX);

test(
  'services are killed one after the other under load: no tip is lost, doubled or unsure, no log has a gap, the device keeps its rules',
  async () => {
    for (const name of ['events', 'payments', 'edge', 'rooms', 'auth', 'geofence']) {
      const service = platform.service(name);
      await service.kill();
      await service.restart();
      await until('everybody is back', () => load.isWhole);
    }
    await load.settle(TEST_MS_MAX / 2);
    const { tips, lines, ...figures } = figuresOf(await load.judge());
    expect(tips).toBeGreaterThan(30);
    expect(lines).toBeGreaterThan(5);
    expect(figures).toMatchObject({
      ok: true,
      tips_lost: 0,
      tips_doubled: 0,
      lines_lost: 0,
      durable_lost: 0,
    });
  },
  TEST_MS_MAX,
);
