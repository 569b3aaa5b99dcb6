import { readFileSync } from 'node:fs';
import { trustedHops } from './client-address.ts';

/**
 * Settings come from NIGHTJAR_* variables and nowhere else. Each service lists its own; a variable that nobody knows is
 * refused, since a misspelt setting that is silently ignored is how limits and fences get lost.
 */
export interface Setting<T> {
  readonly name: `NIGHTJAR_${string}`;
  readonly doc: string;
  readonly fallback?: string;
  /** The value is read from the file that the variable names. */
  readonly file?: boolean;
  readonly parse: (text: string) => T;
}

export type Settings = Readonly<Record<string, Setting<unknown>>>;
export type Values<S extends Settings> = {
  readonly [K in keyof S]: S[K] extends Setting<infer T> ? T : never;
};

export interface Listen {
  readonly host: string;
  readonly port: number;
}

export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

type Options = { fallback?: string };

export function text(name: `NIGHTJAR_${string}`, doc: string, options: Options = {}): Setting<string> {
  return { name, doc, ...options, parse: (value) => value };
}

export function integer(
  name: `NIGHTJAR_${string}`,
  doc: string,
  range: { min: number; max: number },
  options: Options = {},
): Setting<number> {
  return {
    name,
    doc,
    ...options,
    parse: (value) => {
      const number = Number(value);
      if (Number.isInteger(number) && number >= range.min && number <= range.max) return number;
      throw new SettingsError(`must be a whole number from ${range.min} to ${range.max}`);
    },
  };
}

export function url(name: `NIGHTJAR_${string}`, doc: string, options: Options = {}): Setting<string> {
  return {
    name,
    doc,
    ...options,
    parse: (value) => {
      if (URL.canParse(value)) return value;
      throw new SettingsError('must be a URL');
    },
  };
}

export function listen(name: `NIGHTJAR_${string}`, doc: string, options: Options = {}): Setting<Listen> {
  return {
    name,
    doc,
    ...options,
    parse: (value) => {
      const match = /^(.*):(\d{1,5})$/.exec(value);
      const port = Number(match?.[2]);
      if (match?.[1] && port <= 65_535) return { host: match[1].replace(/^\[(.*)\]$/, '$1'), port };
      throw new SettingsError('must be HOST:PORT');
    },
  };
}

export function list(name: `NIGHTJAR_${string}`, doc: string, options: Options = {}): Setting<string[]> {
  return {
    name,
    doc,
    ...options,
    parse: (value) =>
      value
        .split(',')
        .map((part) => part.trim())
        .filter(Boolean),
  };
}

/** A secret: the variable names a file, so that the value is in no process listing and no crash report. */
export function secretFile(name: `NIGHTJAR_${string}_FILE`, doc: string): Setting<string> {
  return { name, doc, file: true, parse: (value) => value };
}

/**
 * The URL of a server with a name and a password in it, in a file as other secrets.
 *
 * @param example shows the form to whoever got it wrong.
 */
export function secretUrlFile(
  name: `NIGHTJAR_${string}_FILE`,
  doc: string,
  { protocols, example }: { protocols: readonly string[]; example: string },
): Setting<string> {
  return {
    ...secretFile(name, doc),
    parse: (value) => {
      const protocol = URL.parse(value)?.protocol;
      if (protocol && protocols.includes(protocol)) return value;
      throw new SettingsError(`its file must hold a URL, ${example}`);
    },
  };
}

/** A file that is no secret; without one, where there need not be any, its text is empty. */
export function textFile(
  name: `NIGHTJAR_${string}_FILE`,
  doc: string,
  options: Options = {},
): Setting<string> {
  return { name, doc, ...options, file: true, parse: (value) => value };
}

/** A list of addresses and ranges, as they are written; `trustedHops` reads them. */
function hops(name: `NIGHTJAR_${string}`, doc: string, options: Options = {}): Setting<string[]> {
  const { parse, ...rest } = list(name, doc, options);
  return {
    ...rest,
    parse: (value) => {
      const entries = parse(value);
      try {
        trustedHops(entries);
      } catch (error) {
        throw new SettingsError((error as RangeError).message);
      }
      return entries;
    },
  };
}

/** Parses all of it, or throws one SettingsError that lists every fault. */
export function readSettings<S extends Settings>(settings: S, env: NodeJS.ProcessEnv): Values<S> {
  const faults: string[] = [];
  const known = new Set(Object.values(settings).map((setting) => setting.name as string));
  for (const name of Object.keys(env)) {
    if (name.startsWith('NIGHTJAR_') && !known.has(name)) faults.push(`${name}: no such setting`);
  }
  const values = Object.entries(settings).map(([key, setting]) => {
    const raw = env[setting.name] ?? setting.fallback;
    if (raw === undefined) {
      faults.push(`${setting.name}: not set (${setting.doc})`);
      return [key, undefined];
    }
    try {
      return [key, setting.parse(setting.file && raw !== '' ? readFileSync(raw, 'utf8').trim() : raw)];
    } catch (error) {
      // Never the value itself: it may be a secret that was put into the wrong variable.
      faults.push(
        `${setting.name}: ${error instanceof SettingsError ? error.message : 'its file cannot be read'}`,
      );
      return [key, undefined];
    }
  });
  if (faults.length > 0) throw new SettingsError(`Settings are wrong:\n  ${faults.join('\n  ')}`);
  return Object.fromEntries(values) as Values<S>;
}

/** Copies of streams and buckets that a NATS cluster can keep. */
const STREAM_COPIES_MAX = 5;

/** For those that make streams where there are none. */
export const streamCopies = integer(
  'NIGHTJAR_STREAM_COPIES',
  'copies that NATS keeps of what this service makes there when it is missing; more than 1 takes a cluster',
  { min: 1, max: STREAM_COPIES_MAX },
  { fallback: '1' },
);

/** Settings that every service has. */
export const COMMON_SETTINGS = {
  httpListen: listen('NIGHTJAR_HTTP_LISTEN', 'where the public side listens, HOST:PORT'),
  internalListen: listen(
    'NIGHTJAR_INTERNAL_LISTEN',
    'where health and metrics listen, HOST:PORT; never public',
  ),
  natsUrl: secretUrlFile(
    'NIGHTJAR_NATS_URL_FILE',
    "a file with NATS's URL for this service's user, nats://USER:PASSWORD@HOST:PORT",
    { protocols: ['nats:', 'tls:'], example: 'nats://USER:PASSWORD@HOST:PORT or tls://…' },
  ),
  logLevel: text('NIGHTJAR_LOG_LEVEL', 'debug, info, warn or error', { fallback: 'info' }),
  otlpUrl: text('NIGHTJAR_OTLP_URL', 'where traces go, an OTLP/HTTP endpoint; empty for nowhere', {
    fallback: '',
  }),
  trustedHops: hops(
    'NIGHTJAR_TRUSTED_HOPS',
    'proxies whose X-Forwarded-For is believed: addresses and ranges with commas between them, such as `10.0.0.0/8,fd00::/8`',
    { fallback: '' },
  ),
  edgePublicKeys: textFile(
    'NIGHTJAR_EDGE_PUBLIC_KEYS_FILE',
    'a file with the public keys of the edges whose facts are believed; empty where there is no edge',
    { fallback: '' },
  ),
} as const satisfies Settings;
