import type { PaymentsService } from '@nightjar/contracts/gen/payments/v1/payments_pb';
import type { RoomsService } from '@nightjar/contracts/gen/rooms/v1/rooms_pb';
import type { AccessChecker } from '@nightjar/kit/access-token';
import type { AddressLimits } from '@nightjar/kit/address-limits';
import type { Clock } from '@nightjar/kit/clock';
import type { Log } from '@nightjar/kit/log';
import type { OutboxRelay } from '@nightjar/kit/outbox';
import type { RpcClient } from '@nightjar/kit/rpc-client';
import type { RpcHandlers } from '@nightjar/kit/rpc-server';
import type { SealKeys } from '@nightjar/sealed/node/seal-keys';
import type pg from 'pg';
import type { Gateway } from './gateways/gateway.ts';
import type { HeldTips } from './held-tips.ts';
import type { TakenTip, TipToTake } from './store/take-tips.ts';
import type { WalletKeys } from './store/wallet-keys.ts';

/** Everything impure that payments works with. */
export interface Context {
  /** The ledger's role. */
  readonly ledger: pg.Pool;
  /** Billing's role, which reads nothing of the ledger. */
  readonly billing: pg.Pool;
  readonly clock: Clock;
  readonly log: Log;
  /** A random id, such as `wallet_…`. */
  readonly id: (prefix: 'wallet' | 'purchase' | 'credit') => string;
  readonly sealKeys: SealKeys;
  readonly walletKeys: WalletKeys;
  /** Wallets opened, by client address. */
  readonly openings: AddressLimits;
  readonly gateways: ReadonlyMap<string, Gateway>;
  /** Takes a checked tip into the ledger, together with others that come at the same time. */
  readonly takeTip: (tip: TipToTake) => Promise<TakenTip>;
  readonly heldTips: HeldTips;
  readonly outbox: Pick<OutboxRelay, 'hand' | 'nudge'>;
  readonly access: AccessChecker;
  readonly rooms: Pick<RpcClient<typeof RoomsService>, 'getRoom'>;
}

/** What tests may put in the place of the real thing. */
export type Overrides = Partial<Pick<Context, 'clock' | 'log' | 'id' | 'gateways'>>;

export type PaymentsHandlers = RpcHandlers<typeof PaymentsService>;
