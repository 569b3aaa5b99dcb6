import type { AddressLimits } from '@nightjar/kit/address-limits';
import { commonProblem } from '@nightjar/kit/problem';

/** Throws Problem `too_many_requests` when this address has asked too often. */
export function limitAddress(limits: AddressLimits, address: string, nowMs: number): void {
  if (!limits.take(address, nowMs)) throw commonProblem('too_many_requests');
}
