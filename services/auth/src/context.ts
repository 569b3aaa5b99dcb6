import type { NatsConnection } from '@nats-io/transport-node';
import type { AddressLimits } from '@nightjar/kit/address-limits';
import type { Clock } from '@nightjar/kit/clock';
import type { Log } from '@nightjar/kit/log';
import type { Kysely } from 'kysely';
import type { KeyRing } from './signing/key-ring.ts';
import type { Tables } from './store/tables.ts';

/** Everything impure that auth works with. */
export interface Context {
  readonly db: Kysely<Tables>;
  readonly nats: NatsConnection;
  readonly clock: Clock;
  readonly log: Log;
  readonly random: (bytes: number) => Uint8Array;
  readonly ring: KeyRing;
  readonly pseudonymKey: Uint8Array;
  readonly challengeLimits: AddressLimits;
  readonly signInLimits: AddressLimits;
}

/** What tests may put in the place of the real thing. */
export type Overrides = Partial<Pick<Context, 'clock' | 'log' | 'random'>>;
