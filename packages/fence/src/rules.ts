import { formatRange, parseRange } from '@nightjar/kit/cidr';
import { ASN_MAX, isAsn } from './facts.ts';
import { FenceError } from './fence-error.ts';
import { countryOfRegion, isCountry, isRegion } from './places.ts';

/** Rules in one fence. */
export const RULES_MAX = 64;
/** Values in all rules of one fence together. */
export const VALUES_MAX = 2_048;

/** Whether who matches may know that the room exists. */
export type Effect = 'allow' | 'deny';

/** Matches by one kind of fact; several values mean any of them. */
export type Rule =
  /** ISO 3166-1 alpha-2. A country's code does not cover territories that have a code of their own. */
  | { readonly effect: Effect; readonly kind: 'country'; readonly values: readonly string[] }
  /** ISO 3166-2. */
  | { readonly effect: Effect; readonly kind: 'region'; readonly values: readonly string[] }
  /** CIDR, IPv4 or IPv6. */
  | { readonly effect: Effect; readonly kind: 'range'; readonly values: readonly string[] }
  /** Network numbers (ASN). */
  | { readonly effect: Effect; readonly kind: 'network'; readonly values: readonly number[] }
  /** Tor, VPNs, open proxies. */
  | { readonly effect: Effect; readonly kind: 'anonymizer' };

/** A room's rules in their order: the first that matches decides. Without rules the room is open to all. */
export interface Fence {
  readonly rules: readonly Rule[];
  /** For whom no rule matches. */
  readonly otherwise: Effect;
  /** For whom a missing fact leaves the outcome open. */
  readonly unknown: Effect;
}

/** The fence of a new room. */
export const OPEN_FENCE: Fence = { rules: [], otherwise: 'allow', unknown: 'deny' };

/**
 * Reads a fence as people write it (parsed JSON) and brings it to its normal form: codes in upper case, ranges in
 * the form of RFC 5952 with their host bits cleared, networks as numbers (`AS64500` may be written), values sorted
 * and each once. `unknown` may be left out and is then `deny`; `otherwise` may be left out with no rules.
 *
 * @throws FenceError `invalid_rule`, with the place, for whatever could be meant otherwise than it would act:
 * unknown members and countries, empty lists, too many rules, a fence without rules that denies.
 */
export function readFence(value: unknown): Fence {
  const { rules, otherwise, unknown, ...rest } = toMembers(value, '');
  refuseRest(rest, '');
  if (!Array.isArray(rules)) throw new FenceError('invalid_rule', 'a list is needed', 'rules');
  if (rules.length > RULES_MAX) throw new FenceError('invalid_rule', `at most ${RULES_MAX} rules`, 'rules');
  const read = rules.map((rule: unknown, i) => readRule(rule, `rules[${i}]`));
  const count = read.reduce((sum, rule) => sum + (rule.kind === 'anonymizer' ? 0 : rule.values.length), 0);
  if (count > VALUES_MAX)
    throw new FenceError('invalid_rule', `at most ${VALUES_MAX} values in all`, 'rules');
  if (read.length === 0 && otherwise !== undefined && otherwise !== 'allow') {
    throw new FenceError('invalid_rule', 'a fence without rules is open to all', 'otherwise');
  }
  return {
    rules: read,
    otherwise: read.length === 0 ? 'allow' : readEffect(otherwise, 'otherwise'),
    unknown: unknown === undefined ? 'deny' : readEffect(unknown, 'unknown'),
  };
}

function readRule(value: unknown, path: string): Rule {
  const { effect: rawEffect, kind, values, ...rest } = toMembers(value, path);
  refuseRest(rest, path);
  const effect = readEffect(rawEffect, `${path}.effect`);
  switch (kind) {
    case 'anonymizer':
      if (values !== undefined) throw new FenceError('invalid_rule', 'takes no values', `${path}.values`);
      return { effect, kind };
    case 'country':
      return { effect, kind, values: readValues(values, path, readCountry).sort() };
    case 'region':
      return { effect, kind, values: readValues(values, path, readRegion).sort() };
    case 'range':
      return { effect, kind, values: readValues(values, path, readRange).sort() };
    case 'network':
      return { effect, kind, values: readValues(values, path, readNetwork).sort((a, b) => a - b) };
    default:
      throw new FenceError(
        'invalid_rule',
        'one of country, region, range, network, anonymizer is needed',
        `${path}.kind`,
      );
  }
}

function readValues<T>(values: unknown, path: string, read: (value: unknown, path: string) => T): T[] {
  if (!Array.isArray(values) || values.length === 0) {
    throw new FenceError('invalid_rule', 'a list that is not empty is needed', `${path}.values`);
  }
  // Before each is looked at, so that a huge list costs nothing.
  if (values.length > VALUES_MAX) {
    throw new FenceError('invalid_rule', `at most ${VALUES_MAX} values in all`, `${path}.values`);
  }
  return [...new Set(values.map((value: unknown, i) => read(value, `${path}.values[${i}]`)))];
}

function readCountry(value: unknown, path: string): string {
  const code = typeof value === 'string' ? value.toUpperCase() : '';
  if (!isCountry(code)) throw new FenceError('invalid_rule', 'not a country of ISO 3166-1 alpha-2', path);
  return code;
}

function readRegion(value: unknown, path: string): string {
  const code = typeof value === 'string' ? value.toUpperCase() : '';
  if (!isRegion(code)) throw new FenceError('invalid_rule', 'not a region of ISO 3166-2', path);
  const country = countryOfRegion(code);
  if (country !== undefined) {
    throw new FenceError(
      'invalid_rule',
      `known by its country code: write a rule for country ${country}`,
      path,
    );
  }
  return code;
}

function readRange(value: unknown, path: string): string {
  const range = typeof value === 'string' ? parseRange(value) : undefined;
  if (range === undefined) throw new FenceError('invalid_rule', 'not an address or a CIDR range', path);
  return formatRange(range);
}

function readNetwork(value: unknown, path: string): number {
  const asn = typeof value === 'string' && /^AS[1-9]\d{0,9}$/i.test(value) ? Number(value.slice(2)) : value;
  if (!isAsn(asn)) throw new FenceError('invalid_rule', `not a network number, 1 to ${ASN_MAX}`, path);
  return asn;
}

function readEffect(value: unknown, path: string): Effect {
  if (value !== 'allow' && value !== 'deny') {
    throw new FenceError('invalid_rule', 'allow or deny is needed', path);
  }
  return value;
}

function toMembers(value: unknown, path: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new FenceError('invalid_rule', 'an object is needed', path);
  }
  return value as Record<string, unknown>;
}

/** A misspelled member would otherwise be a rule that silently does less. */
function refuseRest(rest: object, path: string): void {
  const [name] = Object.keys(rest);
  if (name !== undefined) {
    throw new FenceError('invalid_rule', `unknown member ${JSON.stringify(name.slice(0, 40))}`, path);
  }
}
