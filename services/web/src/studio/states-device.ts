import { stopsWhen } from '@nightjar/bridge/stops-when';
import type { BridgeView } from '@nightjar/bridge/view';
import { type BridgeState, OFF } from '../bridge/bridge-state.ts';
import { LevelTrace } from '../components/level-trace.ts';
import { NOW } from './states-frame.tsx';

const view: BridgeView = {
  arm: { phase: 'latched', why: 'start' },
  device: 'down',
  server: 'up',
  permit: false,
  queued: 0,
};

function bridge(change: Partial<BridgeState>, viewChange: Partial<BridgeView> = {}): BridgeState {
  return {
    ...OFF,
    phase: 'running',
    device: { driver: 'simulated' },
    view: { ...view, ...viewChange },
    stopsWhen: stopsWhen({ driver: 'simulated' }),
    ...change,
  };
}

const open = { device: 'ready', deviceName: 'simulated device' } as const;
const intiface = {
  device: { driver: 'intiface', url: 'ws://127.0.0.1:12345' },
  stopsWhen: stopsWhen({ driver: 'intiface', deviceName: 'Lovense Hush' }),
} as const;

/** Bridges as a person meets them. */
export const BRIDGES = {
  off: OFF,
  starting: bridge({ phase: 'starting' }),
  latched: bridge({}),
  found: bridge({}, { ...open, arm: { phase: 'latched', why: 'disarmed' } }),
  tried: bridge({ level: 0.2 }, { ...open, trial: 'moving' }),
  armed: bridge(
    { log: [{ is: 'armed', atMs: NOW - 60_000 }] },
    { ...open, arm: { phase: 'armed' }, permit: true },
  ),
  moving: bridge(
    {
      level: 0.62,
      log: [
        { is: 'device_open', atMs: NOW - 62_000, name: 'simulated device' },
        { is: 'stop_sent', atMs: NOW - 61_800, answered: true },
        { is: 'armed', atMs: NOW - 61_700 },
        { is: 'began', atMs: NOW - 4_000, tipId: 'tip_1' },
      ],
    },
    {
      ...open,
      arm: { phase: 'armed' },
      permit: true,
      running: { tipId: 'tip_1', state: 'driving' },
      queued: 2,
    },
  ),
  stopped: bridge(
    { log: [{ is: 'stop_sent', atMs: NOW - 8_000, answered: true }] },
    { ...open, arm: { phase: 'latched', why: 'panic' }, stop: { sentWall: NOW - 8_000, answered: true } },
  ),
  lost: bridge(
    { ...intiface, lost: true, log: [{ is: 'device_lost', atMs: NOW - 2_000 }] },
    { device: 'down', arm: { phase: 'armed' }, permit: true },
  ),
  unreachable: bridge(
    {
      ...intiface,
      problem: {
        code: 'engine_unreachable',
        title: 'Nothing answers at this address.',
        wayOut:
          'Start Intiface Central on this computer, press its start button, and look whether its port is the same.',
      },
    },
    { deviceProblem: 'engine_unreachable', arm: { phase: 'latched', why: 'device_refused' } },
  ),
  dead: bridge({
    phase: 'dead',
    problem: {
      code: 'bridge_silent',
      title: 'The bridge did not answer.',
      wayOut: 'It was ended, which closes its link to the device. Start it again.',
    },
  }),
} as const;

/** A level that went up and down over the last 20 s, and is up now. */
export function livelyTrace(): LevelTrace {
  const trace = new LevelTrace();
  for (let ms = 20_000; ms >= 0; ms -= 250) {
    const share = Math.max(0, Math.cos(ms / 1_100)) * (ms > 13_000 || ms < 6_000 ? 0.62 : 0);
    trace.add(Math.round(share * 50) / 50, performance.now() - ms);
  }
  return trace;
}

/** A picture where there is no camera: an evening in a window. */
export function dusk(): MediaStreamTrack | undefined {
  const canvas = document.createElement('canvas');
  canvas.width = 640;
  canvas.height = 360;
  const context = canvas.getContext('2d');
  const stream = canvas.captureStream(5);
  const draw = (): void => {
    if (!context) return;
    const sky = context.createLinearGradient(0, 0, 0, 360);
    for (const [at, colour] of ['#1b2340', '#5b4a6b', '#c77f63', '#f0b878'].entries())
      sky.addColorStop(at / 3, colour);
    context.fillStyle = sky;
    context.fillRect(0, 0, 640, 360);
    context.fillStyle = '#10141d';
    for (const [x, height] of [40, 96, 60, 130, 84, 150, 70, 110, 52, 90].entries())
      context.fillRect(x * 64, 360 - height, 66, height);
  };
  draw();
  setInterval(draw, 200);
  return stream.getVideoTracks()[0];
}
