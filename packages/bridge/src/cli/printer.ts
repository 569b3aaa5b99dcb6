import type { Write } from '../link-writer.ts';
import type { BridgeView } from '../view.ts';

export interface Printer {
  view(view: BridgeView): void;
  write(write: Write, tipId?: string): void;
  say(text: string, object: Record<string, unknown>): void;
}

/**
 * One line for each change, for people or as JSON. Lines are written in a later turn of the event loop: a terminal
 * or a pipe that takes none must not come before a stop.
 */
export function printer(json: boolean, out: (line: string) => void, nowMs: () => number): Printer {
  let waiting: string[] = [];
  let shown = '';
  let rejected = '';
  const put = (line: string) => {
    if (waiting.length === 0) {
      setImmediate(() => {
        const lines = waiting;
        waiting = [];
        out(lines.join(''));
      });
    }
    waiting.push(`${line}\n`);
  };
  return {
    view(view) {
      if (json) {
        put(JSON.stringify({ is: 'state', atMs: nowMs(), ...view }));
        return;
      }
      const text = inWords(view);
      if (text !== shown) put(`${time(nowMs())}  ${text}`);
      shown = text;
      // Once, and not on every line from then on.
      if (view.rejected === undefined || view.rejected.tipId === rejected) return;
      rejected = view.rejected.tipId;
      put(`${time(nowMs())}  outcome refused for good (${view.rejected.code}) ${rejected}`);
    },
    write(write, tipId) {
      if (!json || write.is === 'keep_alive') return;
      const level = write.is === 'drive' ? write.drive.level : 0;
      put(JSON.stringify({ is: 'write', atMs: nowMs(), what: write.is, level, ...(tipId ? { tipId } : {}) }));
    },
    say(text, object) {
      put(json ? JSON.stringify({ atMs: nowMs(), ...object }) : text);
    },
  };
}

/** 'stop sent', and when; never that a device is at zero, since nothing says so. */
function inWords(view: BridgeView): string {
  const { arm, device, deviceName, server, permit, denied, running, queued, stop } = view;
  const parts = [
    arm.phase === 'latched'
      ? `LATCHED (${arm.why}${arm.detail === undefined ? '' : `: ${arm.detail}`})`
      : arm.phase,
    `device ${deviceName ?? device}`,
    server === 'down'
      ? 'server away'
      : permit
        ? 'permitted'
        : `no permit${denied === undefined ? '' : ` (${denied})`}`,
  ];
  if (running !== undefined)
    parts.push(`${running.state}${running.why === undefined ? '' : ` (${running.why})`} ${running.tipId}`);
  if (queued > 0) parts.push(`${queued} waiting`);
  if (running === undefined && stop !== undefined) {
    parts.push(`stop sent ${time(stop.sentWall)}${stop.answered ? '' : ', not answered'}`);
  }
  return parts.join(' · ');
}

function time(ms: number): string {
  return new Date(ms).toISOString().slice(11, 23);
}
