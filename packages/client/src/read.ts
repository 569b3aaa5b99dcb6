import { localProblem } from './problem-error.ts';

/** A JSON object out of an answer. Throws ProblemError `not_understood` for anything else. */
export function readObject(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw localProblem('not_understood');
  return value as Record<string, unknown>;
}

export function readText(object: Record<string, unknown>, name: string): string {
  const value = object[name];
  if (typeof value !== 'string') throw localProblem('not_understood', `no text '${name}'`);
  return value;
}

export function readList(object: Record<string, unknown>, name: string): unknown[] {
  const value = object[name];
  if (!Array.isArray(value)) throw localProblem('not_understood', `no list '${name}'`);
  return value;
}

export function readNumber(object: Record<string, unknown>, name: string): number {
  const value = object[name];
  if (typeof value !== 'number') throw localProblem('not_understood', `no number '${name}'`);
  return value;
}

/** Tokens, as a decimal string. */
export function readAmount(object: Record<string, unknown>, name: string): bigint {
  const text = readText(object, name);
  if (!/^-?[0-9]{1,20}$/.test(text)) throw localProblem('not_understood', `no amount '${name}'`);
  return BigInt(text);
}

/** RFC 3339, as ms since 1970. */
export function readTime(object: Record<string, unknown>, name: string): number {
  const ms = Date.parse(readText(object, name));
  if (Number.isNaN(ms)) throw localProblem('not_understood', `no time '${name}'`);
  return ms;
}
