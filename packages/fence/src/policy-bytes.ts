import { formatRange } from '@nightjar/kit/cidr';
import { assertPolicyOf, compile, type Policy, type PolicyRule } from './compile.ts';
import { FenceError } from './fence-error.ts';
import type { Rule } from './rules.ts';

/** Bytes of one encoded policy at most: the values' limit at the longest value's size, and then some. */
export const POLICY_BYTES_MAX = 40_960;

/** At the head of the bytes, closed by a zero byte, so that a signature over them can mean nothing else. */
const DOMAIN = new TextEncoder().encode('nightjar/fence-policy/v1\0');

const KINDS = ['country', 'region', 'range', 'network', 'anonymizer'] as const;
const EFFECTS = ['deny', 'allow'] as const;

const ascii = new TextDecoder('ascii');

/**
 * A policy as bytes, the same for the same policy: the domain; room id behind its length in one byte; version in
 * 8 bytes; `otherwise` and `unknown` in one each (0 deny, 1 allow); then the rules behind their count, each its
 * kind, its effect and its values behind their count. Counts take 2 bytes, countries 2 letters, regions a length
 * and letters, ranges a length, the address and the prefix, networks 4 bytes. Integers are big-endian.
 */
export function encodePolicy(policy: Policy): Uint8Array<ArrayBuffer> {
  assertPolicyOf(policy);
  const out: number[] = [...DOMAIN];
  text(out, policy.roomId);
  integer(out, policy.version, 8);
  out.push(EFFECTS.indexOf(policy.otherwise), EFFECTS.indexOf(policy.unknown));
  integer(out, policy.rules.length, 2);
  for (const rule of policy.rules) encodeRule(out, rule);
  return Uint8Array.from(out);
}

/**
 * Reads a policy out of its bytes. Strict: accepts only what `encodePolicy` writes for a policy that `compile`
 * made, so one policy has one encoding.
 *
 * @throws FenceError `malformed`.
 */
export function decodePolicy(bytes: Uint8Array): Policy {
  if (bytes.length > POLICY_BYTES_MAX) throw new FenceError('malformed', 'a policy that is too long');
  const reader = new Reader(bytes);
  const domain = reader.take(DOMAIN.length);
  if (!equal(domain, DOMAIN)) throw new FenceError('malformed', 'not a policy of this version');
  const roomId = reader.text();
  const version = reader.integer(8);
  const otherwise = reader.oneOf(EFFECTS);
  const unknown = reader.oneOf(EFFECTS);
  const rules: Rule[] = [];
  for (let left = reader.integer(2); left > 0; left -= 1) rules.push(decodeRule(reader));
  const policy = recompile({ rules, otherwise, unknown }, { roomId, version });
  // Unsorted, double or unclean values, and bytes behind the end, all show here.
  if (!equal(encodePolicy(policy), bytes))
    throw new FenceError('malformed', 'not the normal form of a policy');
  return policy;
}

/** What `compile` refuses in bytes is a malformed policy, not a rule that someone wrote wrongly. */
function recompile(...parameters: Parameters<typeof compile>): Policy {
  try {
    return compile(...parameters);
  } catch (cause) {
    throw new FenceError('malformed', 'a policy with impossible rules', '', { cause });
  }
}

function encodeRule(out: number[], rule: PolicyRule): void {
  out.push(KINDS.indexOf(rule.kind), EFFECTS.indexOf(rule.effect));
  if (rule.kind === 'anonymizer') return;
  integer(out, rule.values.length, 2);
  for (const value of rule.values) {
    if (typeof value === 'number') integer(out, value, 4);
    else if (typeof value !== 'string') out.push(value.bytes.length, ...value.bytes, value.prefixBits);
    else if (rule.kind === 'country') out.push(...letters(value));
    else text(out, value);
  }
}

function decodeRule(reader: Reader): Rule {
  const kind = reader.oneOf(KINDS);
  const effect = reader.oneOf(EFFECTS);
  if (kind === 'anonymizer') return { kind, effect };
  const count = reader.integer(2);
  const values = <T>(read: () => T): T[] => Array.from({ length: count }, read);
  switch (kind) {
    case 'country':
      return { kind, effect, values: values(() => ascii.decode(reader.take(2))) };
    case 'region':
      return { kind, effect, values: values(() => reader.text()) };
    case 'network':
      return { kind, effect, values: values(() => reader.integer(4)) };
    case 'range':
      return { kind, effect, values: values(() => reader.range()) };
  }
}

class Reader {
  readonly #bytes: Uint8Array;
  #offset = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  take(length: number): Uint8Array {
    const end = this.#offset + length;
    if (end > this.#bytes.length) throw new FenceError('malformed', 'a policy that is cut short');
    const taken = this.#bytes.subarray(this.#offset, end);
    this.#offset = end;
    return taken;
  }

  integer(length: number): number {
    return this.take(length).reduce((value, byte) => value * 256 + byte, 0);
  }

  text(): string {
    return ascii.decode(this.take(this.integer(1)));
  }

  range(): string {
    const length = this.integer(1);
    if (length !== 4 && length !== 16) throw new FenceError('malformed', 'not an address');
    return formatRange({ bytes: this.take(length), prefixBits: this.integer(1) });
  }

  oneOf<T>(choices: readonly T[]): T {
    const choice = choices[this.integer(1)];
    if (choice === undefined) throw new FenceError('malformed', 'a policy with an unknown word');
    return choice;
  }
}

function text(out: number[], value: string): void {
  out.push(value.length, ...letters(value));
}

function letters(value: string): number[] {
  return Array.from(value, (letter) => letter.charCodeAt(0));
}

function integer(out: number[], value: number, length: number): void {
  for (let i = length - 1; i >= 0; i -= 1) out.push(Math.floor(value / 256 ** i) % 256);
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
