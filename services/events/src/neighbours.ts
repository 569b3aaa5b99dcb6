import type { PaymentsService } from '@nightjar/contracts/gen/payments/v1/payments_pb';
import type { RoomsService } from '@nightjar/contracts/gen/rooms/v1/rooms_pb';
import type { RpcClient } from '@nightjar/kit/rpc-client';

/** The services that this one asks. */
export interface Neighbours {
  readonly rooms: RpcClient<typeof RoomsService>;
  readonly payments: RpcClient<typeof PaymentsService>;
}
