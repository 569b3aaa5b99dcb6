import { levelAt } from '../components/effect-path.ts';
import { LevelTrace } from '../components/level-trace.ts';
import { TRACE_EVERY_MS } from './limits.ts';
import { ranMsAt, type TipLine } from './room-log.ts';

/**
 * The trace under a viewer's picture: what the running effect asks of the device, moment by moment. What the device
 * does with it is the broadcaster's envelope's affair.
 */
export class DeviceTrace {
  readonly trace = new LevelTrace();
  #running: TipLine | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;

  follow(running: TipLine | undefined): void {
    this.#running = running;
    this.#look();
    if (running && this.#timer === undefined) this.#timer = setInterval(() => this.#look(), TRACE_EVERY_MS);
    if (!running) {
      clearInterval(this.#timer);
      this.#timer = undefined;
    }
  }

  #look(): void {
    const tip = this.#running;
    const now = performance.now();
    const effect = tip?.stage === 'running' ? tip.item?.effect : undefined;
    const ranMs = tip ? ranMsAt(tip, now) : 0;
    this.trace.add(effect && ranMs < effect.durationMs ? levelAt(effect, ranMs) : 0, now);
  }
}
