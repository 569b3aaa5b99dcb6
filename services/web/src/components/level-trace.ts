/** How much of the past a trace shows. */
export const TRACE_MS = 20_000;
/** Levels kept; more come only from a device that changes faster than anybody sees. */
const LEVELS_MAX = 2_000;

/** A level over the last TRACE_MS, in steps: a level holds until the next one. */
export class LevelTrace {
  readonly #levels: { atMono: number; level: number }[] = [];

  /** @param level 0 to 1 */
  add(level: number, atMono: number): void {
    const last = this.#levels.at(-1);
    if (last?.level === level) return;
    this.#levels.push({ atMono, level });
    // The one before the window still holds at its beginning.
    while (this.#levels.length > LEVELS_MAX || (this.#levels[1]?.atMono ?? Infinity) < atMono - TRACE_MS)
      this.#levels.shift();
  }

  get level(): number {
    return this.#levels.at(-1)?.level ?? 0;
  }

  /** Its corners from left (x 0, TRACE_MS ago) to right (x 1, now); y is the level. */
  points(nowMono: number): { x: number; y: number }[] {
    const from = nowMono - TRACE_MS;
    const points: { x: number; y: number }[] = [];
    let level = 0;
    for (const step of this.#levels) {
      if (step.atMono <= from) {
        level = step.level;
        continue;
      }
      const x = (step.atMono - from) / TRACE_MS;
      if (points.length === 0) points.push({ x: 0, y: level });
      points.push({ x, y: level }, { x, y: step.level });
      level = step.level;
    }
    if (points.length === 0) points.push({ x: 0, y: level });
    points.push({ x: 1, y: level });
    return points;
  }
}
