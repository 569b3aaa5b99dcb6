import { type AddressBytes, parseAddress, rangeContains } from '@nightjar/kit/cidr';
import type { Policy, PolicyRule } from './compile.ts';
import type { Facts } from './facts.ts';
import type { Effect } from './rules.ts';

/** Whether these facts may know that the room exists, and what decided it. For logs: `rule` tells nothing of who asked. */
export interface Decision {
  readonly allowed: boolean;
  /**
   * The index of the rule that decided; `default` when none matched; `unknown` when missing facts left the outcome
   * open and the policy's word on that decided.
   */
  readonly rule: number | 'default' | 'unknown';
}

/**
 * Decides by a room's policy. The first rule that matches decides, or else the policy's default.
 *
 * A rule whose fact is missing may or may not match: both are followed. When every way leads to the same answer,
 * that is the answer; else `policy.unknown` is. So a missing fact never lets in whom the full facts would keep
 * out, unless the policy says `unknown: 'allow'`.
 *
 * Without a policy there is no decision: callers that have none yet refuse.
 */
export function decide(policy: Policy, facts: Facts): Decision {
  const address = facts.address === undefined ? undefined : parseAddress(facts.address);
  const possible = new Set<Effect>();
  for (const [index, rule] of policy.rules.entries()) {
    const match = matches(rule, facts, address);
    if (match === false) continue;
    possible.add(rule.effect);
    if (match === true) return conclude(policy, possible, rule.effect, index);
  }
  possible.add(policy.otherwise);
  return conclude(policy, possible, policy.otherwise, 'default');
}

function conclude(
  policy: Policy,
  possible: ReadonlySet<Effect>,
  effect: Effect,
  rule: number | 'default',
): Decision {
  if (possible.size > 1) return { allowed: policy.unknown === 'allow', rule: 'unknown' };
  return { allowed: effect === 'allow', rule };
}

/** Whether the rule matches; undefined when the fact that it needs is missing. */
function matches(rule: PolicyRule, facts: Facts, address: AddressBytes | undefined): boolean | undefined {
  switch (rule.kind) {
    case 'country':
      return facts.country === undefined ? undefined : rule.values.includes(facts.country);
    case 'region':
      return matchesRegion(rule.values, facts);
    case 'range':
      return address === undefined ? undefined : rule.values.some((range) => rangeContains(range, address));
    case 'network':
      return facts.asn === undefined ? undefined : rule.values.includes(facts.asn);
    case 'anonymizer':
      return facts.anonymizer;
  }
}

function matchesRegion(values: readonly string[], { region, country }: Facts): boolean | undefined {
  if (region !== undefined) return values.includes(region);
  // A known country rules out the regions of all others; within its own the region stays open.
  if (country !== undefined && !values.some((value) => value.startsWith(`${country}-`))) return false;
  return undefined;
}
