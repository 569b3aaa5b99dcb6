import { formatRange, parseRange, type Range } from '@nightjar/kit/cidr';
import { FenceError } from './fence-error.ts';
import { type Effect, type Fence, type Rule, readFence } from './rules.ts';

/** A rule as `decide` uses it: as written, but for ranges, which are bytes. */
export type PolicyRule =
  | Exclude<Rule, { kind: 'range' }>
  | { readonly effect: Effect; readonly kind: 'range'; readonly values: readonly Range[] };

/** One version of a room's fence, ready to decide by. */
export interface Policy {
  readonly roomId: string;
  /** Counts up with each change of the room's rules. Who holds one version never goes back to a lower one. */
  readonly version: number;
  readonly rules: readonly PolicyRule[];
  readonly otherwise: Effect;
  readonly unknown: Effect;
}

/** Which room, and which version, a fence is compiled for. */
export interface PolicyOf {
  /** 1 to 64 characters of `A-Z a-z 0-9 _ -`. */
  readonly roomId: string;
  /** From 1 to 2^53-1. */
  readonly version: number;
}

const ROOM_ID = /^[A-Za-z0-9_-]{1,64}$/;

/**
 * A room's rules as a policy. Checks and normalises the rules once more, so that nothing gets into a policy that
 * `readFence` would refuse.
 *
 * @throws FenceError `invalid_rule`, or `malformed` when room or version is not one.
 */
export function compile(fence: Fence, { roomId, version }: PolicyOf): Policy {
  assertPolicyOf({ roomId, version });
  const { rules, otherwise, unknown } = readFence(fence);
  return { roomId, version, rules: rules.map(compileRule), otherwise, unknown };
}

/** The rules of a policy as people write them, in their normal form. */
export function decompile(policy: Policy): Fence {
  const { rules, otherwise, unknown } = policy;
  return { rules: rules.map(decompileRule), otherwise, unknown };
}

/** @throws FenceError `malformed`. */
export function assertPolicyOf({ roomId, version }: PolicyOf): void {
  if (!ROOM_ID.test(roomId)) throw new FenceError('malformed', 'not the id of a room');
  if (!Number.isSafeInteger(version) || version < 1) throw new FenceError('malformed', 'not a version');
}

function compileRule(rule: Rule): PolicyRule {
  if (rule.kind !== 'range') return rule;
  const values = rule.values.map((text) => {
    const range = parseRange(text);
    if (range === undefined) throw new FenceError('invalid_rule', 'not an address or a CIDR range');
    return range;
  });
  return { ...rule, values };
}

function decompileRule(rule: PolicyRule): Rule {
  return rule.kind === 'range' ? { ...rule, values: rule.values.map(formatRange) } : rule;
}
