import { context, trace } from '@opentelemetry/api';
import { pino } from 'pino';
import { Problem } from './problem.ts';

/**
 * The only fields a log line may have. Nothing that names a person, a wallet, an account or an address is among them, and
 * no free text but the event's own name: an allow-list cannot leak what nobody thought of.
 */
export interface LogFields {
  readonly method?: string;
  readonly route?: string;
  readonly status?: number;
  readonly code?: string;
  readonly kind?: string;
  readonly durationMs?: number;
  readonly count?: number;
  readonly attempt?: number;
  readonly partition?: number;
  readonly seq?: string;
  readonly roomId?: string;
  readonly showId?: string;
  readonly tipId?: string;
  readonly peer?: string;
  readonly listen?: string;
  readonly migration?: string;
  readonly error?: unknown;
}

const ALLOWED: ReadonlySet<string> = new Set<keyof LogFields>([
  'method',
  'route',
  'status',
  'code',
  'kind',
  'durationMs',
  'count',
  'attempt',
  'partition',
  'seq',
  'roomId',
  'showId',
  'tipId',
  'peer',
  'listen',
  'migration',
]);

export interface Log {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
}

/** What of an error may be written down: its name, its code and where it was thrown. Messages quote data, so they are not. */
export function describeError(error: unknown): Record<string, string> {
  if (!(error instanceof Error)) return { errorName: typeof error };
  const code = 'code' in error && typeof error.code === 'string' ? { errorCode: error.code } : {};
  // The stack begins with the message, which may have lines that look like frames. One that was changed since is not found
  // there, and then nothing is sure.
  const stack = error.stack ?? '';
  const message = stack.indexOf(error.message);
  const behind = message < 0 ? '' : stack.slice(message + error.message.length);
  const frames = behind.split('\n').filter((line) => /^\s+at /.test(line));
  const cause = error instanceof Problem && error.cause ? describeError(error.cause) : {};
  return {
    errorName: error.name,
    ...code,
    errorAt: frames
      .slice(0, 6)
      .map((line) => line.trim())
      .join(' < '),
    ...cause,
  };
}

export function createLog(service: string, level: string): Log {
  const out = pino({ level, base: { service }, timestamp: pino.stdTimeFunctions.isoTime });
  const write =
    (at: 'debug' | 'info' | 'warn' | 'error') =>
    (event: string, fields: LogFields = {}) => {
      if (!out.isLevelEnabled(at)) return;
      const line: Record<string, unknown> = { event };
      for (const [key, value] of Object.entries(fields)) if (ALLOWED.has(key)) line[key] = value;
      if (fields.error !== undefined) Object.assign(line, describeError(fields.error));
      const traceId = trace.getSpanContext(context.active())?.traceId;
      if (traceId) line.traceId = traceId;
      out[at](line);
    };
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
}

export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} };
