/**
 * A Lovense device of software, for an engine's device server. It names itself in a text frame; from then on the
 * engine speaks the device's own protocol to it, in binary frames, which is what a test of a stop must look at.
 */
export interface HeardCommand {
  /** performance.now() at the device's end of the wire. */
  readonly atMono: number;
  readonly text: string;
}

/** Steps of the motor. */
export const LEVELS = 20;

export class SimulatedLovense implements Disposable {
  readonly heard: HeardCommand[] = [];
  /** Called after each command to the motor. */
  onLevel: (level: number) => void = () => {};
  readonly #socket: WebSocket;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.binaryType = 'arraybuffer';
    socket.addEventListener('message', ({ data }) => {
      const text = typeof data === 'string' ? data : Buffer.from(data as ArrayBuffer).toString();
      this.heard.push({ atMono: performance.now(), text });
      if (text.startsWith('Vibrate:')) this.onLevel(this.level);
      if (text === 'DeviceType;') socket.send(Buffer.from('Z:11:0082059AD3BD;'));
      if (text === 'Battery;') socket.send(Buffer.from('85;'));
    });
  }

  /** @param deviceUrl the engine's device server */
  static async connect(deviceUrl: string, address = 'AA01'): Promise<SimulatedLovense> {
    const socket = new WebSocket(deviceUrl);
    const device = new SimulatedLovense(socket);
    await new Promise((resolve, reject) => {
      socket.addEventListener('open', resolve);
      socket.addEventListener('error', () => reject(new Error('the device server cannot be reached')));
    });
    socket.send(JSON.stringify({ identifier: 'LVSDevice', address, version: 0 }));
    return device;
  }

  /** Commands to the vibration motor, as its level of 20 and when it came. */
  get levels(): { readonly atMono: number; readonly level: number }[] {
    return this.heard.flatMap(({ atMono, text }) => {
      const level = /^Vibrate:(\d+);$/.exec(text)?.[1];
      return level === undefined ? [] : [{ atMono, level: Number(level) }];
    });
  }

  /** What the motor does now, 0 to LEVELS. */
  get level(): number {
    return this.levels.at(-1)?.level ?? 0;
  }

  get moves(): boolean {
    return this.level > 0;
  }

  /** Resolves with the first stop after `sinceMono`. */
  async stopAfter(sinceMono: number, withinMs: number): Promise<number> {
    for (const end = performance.now() + withinMs; performance.now() < end; ) {
      const stop = this.levels.find(({ atMono, level }) => level === 0 && atMono >= sinceMono);
      if (stop !== undefined) return stop.atMono - sinceMono;
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    throw new Error(`no stop within ${withinMs} ms; heard ${this.heard.map(({ text }) => text).join(' ')}`);
  }

  [Symbol.dispose](): void {
    this.#socket.close();
  }
}
