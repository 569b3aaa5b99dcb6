import type { AccessChecker } from '@nightjar/kit/access-token';
import type { Clock } from '@nightjar/kit/clock';
import type { Log } from '@nightjar/kit/log';
import type { Kysely } from 'kysely';
import type { Changes } from './domain/changes.ts';
import type { Publisher } from './publish/publisher.ts';
import type { Reconciler } from './publish/reconciler.ts';
import type { Tables } from './store/tables.ts';

/** Everything impure that geofence works with. */
export interface Context {
  readonly db: Kysely<Tables>;
  readonly access: AccessChecker;
  readonly publisher: Pick<Publisher, 'publish' | 'sign'>;
  readonly reconciler: Pick<Reconciler, 'soon'>;
  readonly changes: Changes;
  readonly clock: Clock;
  readonly log: Log;
}

/** What tests may put in the place of the real thing. */
export type Overrides = Partial<Pick<Context, 'clock' | 'log'>>;
