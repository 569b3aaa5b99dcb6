import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import type { FromWorker, ToWorker } from './messages.ts';
import { PageBridge, type WorkerLike } from './page-bridge.ts';

const DEVICE = { driver: 'simulated' } as const;

/** The Worker's end, by hand. */
class FakeWorker implements WorkerLike {
  readonly heard: ToWorker[] = [];
  terminated = false;
  onmessage: WorkerLike['onmessage'] = null;
  onerror: WorkerLike['onerror'] = null;

  postMessage(message: ToWorker): void {
    this.heard.push(message);
  }

  terminate(): void {
    this.terminated = true;
  }

  say(message: FromWorker): void {
    this.onmessage?.({ data: message } as MessageEvent<FromWorker>);
  }
}

const page = new EventTarget();
const frame = new EventTarget();
let workers: FakeWorker[];
let bridge: PageBridge;

beforeEach(() => {
  jest.useFakeTimers();
  Object.assign(globalThis, { addEventListener: page.addEventListener.bind(page), document: frame });
  workers = [];
  bridge = new PageBridge({
    ...{ roomId: 'room_1', origin: 'http://x' },
    spawn: () => {
      const worker = new FakeWorker();
      workers.push(worker);
      return worker;
    },
  });
});
afterEach(() => {
  bridge[Symbol.dispose]();
  jest.useRealTimers();
});

const last = (): FakeWorker => workers.at(-1) ?? new FakeWorker();

function running(): FakeWorker {
  bridge.start(DEVICE);
  last().say({ is: 'running', version: 2 });
  return last();
}

test('panic is with the Worker when the call returns, in every phase', () => {
  bridge.panic();
  bridge.start(DEVICE);
  bridge.panic();
  last().say({ is: 'running', version: 2 });
  bridge.panic();
  void bridge.stop();
  bridge.panic();
  expect(last().heard.map(({ is }) => is)).toEqual(['start', 'panic', 'panic', 'leave', 'panic']);
});

test('a Worker that is heard stays, and is answered', () => {
  const worker = running();
  for (let n = 1; n <= 20; n += 1) {
    jest.advanceTimersByTime(500);
    worker.say({ is: 'beat', n });
  }
  expect(bridge.state.current.phase).toBe('running');
  expect(worker.heard.at(-1)).toEqual({ is: 'beat', n: 20 });
});

test('a Worker that is silent is ended, and that is said', () => {
  const worker = running();
  jest.advanceTimersByTime(2_600);
  expect([worker.terminated, bridge.state.current.phase]).toEqual([true, 'dead']);
  expect(bridge.state.current.problem?.code).toBe('bridge_silent');
});

test('a Worker that does not come up is ended, and that is said', () => {
  bridge.start(DEVICE);
  jest.advanceTimersByTime(10_600);
  expect(bridge.state.current).toMatchObject({ phase: 'dead', problem: { code: 'bridge_not_started' } });
});

test('an old Worker is not heard any more, and its end does not end the new one', async () => {
  const old = running();
  const choosing = bridge.choose(DEVICE);
  old.say({ is: 'ended' });
  await choosing;
  jest.advanceTimersByTime(1_000);
  last().say({ is: 'running', version: 2 });
  old.say({ is: 'level', atMs: 1, level: 1 });
  jest.advanceTimersByTime(1_500);
  expect(bridge.state.current).toMatchObject({ phase: 'running', level: 0 });
  expect([workers.length, old.terminated, last().terminated]).toEqual([2, true, false]);
});

test.each([
  ['leaves the page', () => page.dispatchEvent(new Event('pagehide'))],
  ['is put on ice', () => frame.dispatchEvent(new Event('freeze'))],
])('when it %s, the Worker is ended within the call', (_what, happens) => {
  const worker = running();
  happens();
  expect(worker.terminated).toBe(true);
});

test('a page that comes back has its bridge anew, and nothing is armed by it', () => {
  running();
  frame.dispatchEvent(new Event('freeze'));
  frame.dispatchEvent(new Event('resume'));
  expect(workers.length).toBe(2);
  expect(last().heard.map(({ is }) => is)).toEqual(['start']);
});

test('a page that comes back starts nothing that was not running', async () => {
  const stopped = running();
  const stopping = bridge.stop();
  stopped.say({ is: 'ended' });
  await stopping;
  frame.dispatchEvent(new Event('freeze'));
  frame.dispatchEvent(new Event('resume'));
  expect(workers.length).toBe(1);
});
