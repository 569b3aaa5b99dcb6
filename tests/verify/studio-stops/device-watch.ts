import type { SimulatedLovense } from '@nightjar/testkit/simulated-lovense';

interface Span {
  readonly fromMono: number;
  toMono: number;
}

/** Judges the device alone: nothing may move it but an effect that somebody tipped for and that nothing has ended yet. */
export class DeviceWatch {
  readonly #device: Pick<SimulatedLovense, 'levels'>;
  readonly #spans: Span[] = [];

  constructor(device: Pick<SimulatedLovense, 'levels'>) {
    this.#device = device;
  }

  /** From now on an effect may move it. */
  mayMove(): void {
    this.#spans.push({ fromMono: performance.now(), toMono: Infinity });
  }

  /** From then on nothing may. */
  mustRest(fromMono: number): void {
    const span = this.#spans.at(-1);
    if (span) span.toMono = Math.min(span.toMono, fromMono);
  }

  /** Commands that moved it outside of an effect's time. */
  get movedOutside(): number {
    return this.#device.levels.filter(
      ({ atMono, level }) =>
        level > 0 && !this.#spans.some(({ fromMono, toMono }) => atMono >= fromMono && atMono <= toMono),
    ).length;
  }
}
