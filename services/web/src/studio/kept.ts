import type { DeviceChoice } from '../bridge/messages.ts';
import { Store } from '../lib/store.ts';

export const STEPS = ['camera', 'connection', 'device', 'envelope', 'fence'] as const;
export type Step = (typeof STEPS)[number];

/** What the studio remembers on this computer, and sends nowhere. */
export interface Kept {
  readonly roomId?: string;
  /** Makes the first room once, however often it is asked for. */
  readonly roomKey: string;
  readonly done: readonly Step[];
  readonly cameraId?: string;
  readonly microphoneId?: string;
  readonly withoutSound: boolean;
  /** A still of the picture may stand in the directory. */
  readonly stills: boolean;
  /** Undefined: no device in this room. */
  readonly device?: DeviceChoice;
}

export const INTIFACE_URL = 'ws://127.0.0.1:12345';

const KEY = 'nightjar-studio';

/** @param newKey for a first visit */
export function readKept(text: string | null, newKey: string): Kept {
  const kept = parse(text);
  const words = (name: keyof Kept): string | undefined => {
    const value = kept[name];
    return typeof value === 'string' && value !== '' && value.length <= 512 ? value : undefined;
  };
  const optional = (name: 'roomId' | 'cameraId' | 'microphoneId') => {
    const value = words(name);
    return value === undefined ? {} : { [name]: value };
  };
  return {
    ...optional('roomId'),
    ...optional('cameraId'),
    ...optional('microphoneId'),
    roomKey: words('roomKey') ?? newKey,
    done: Array.isArray(kept.done) ? STEPS.filter((step) => (kept.done as unknown[]).includes(step)) : [],
    withoutSound: kept.withoutSound === true,
    stills: kept.stills !== false,
    ...readDevice(kept.device),
  };
}

function readDevice(value: unknown): { device?: DeviceChoice } {
  if (typeof value !== 'object' || value === null) return {};
  const { driver, url } = value as { driver?: unknown; url?: unknown };
  if (driver === 'simulated') return { device: { driver } };
  if (driver === 'intiface')
    return { device: { driver, url: typeof url === 'string' && url.length <= 512 ? url : INTIFACE_URL } };
  return {};
}

function parse(text: string | null): Partial<Record<keyof Kept, unknown>> {
  try {
    const value: unknown = JSON.parse(text ?? '{}');
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}

/** The store, which writes down whatever is changed. A browser that keeps nothing keeps it until the page is left. */
export function keptHere(): Store<Kept> {
  let text: string | null = null;
  try {
    text = localStorage.getItem(KEY);
  } catch {
    // As above.
  }
  const store = new Store(readKept(text, crypto.randomUUID()));
  const write = (): void => {
    try {
      localStorage.setItem(KEY, JSON.stringify(store.current));
    } catch {
      // As above.
    }
  };
  write();
  store.subscribe(write);
  return store;
}
