import type { State } from '../dev/state.ts';
import { LevelTrace } from './level-trace.ts';
import { Trace } from './Trace.tsx';

function waves(): LevelTrace {
  const trace = new LevelTrace();
  const now = performance.now();
  for (let agoMs = 20_000; agoMs >= 0; agoMs -= 250) trace.add((1 + Math.sin(agoMs / 900)) / 2, now - agoMs);
  return trace;
}

const box = { height: 64 };

export const traceStates: readonly State[] = [
  {
    name: 'at rest',
    element: (
      <div style={box}>
        <Trace trace={new LevelTrace()} label="Level over the last 20 seconds: at rest" />
      </div>
    ),
  },
  {
    name: 'moving',
    element: (
      <div style={box}>
        <Trace trace={waves()} label="Level over the last 20 seconds: up and down" />
      </div>
    ),
  },
];
