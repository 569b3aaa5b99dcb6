import type { AuthService } from '@nightjar/contracts/gen/auth/v1/auth_pb';
import type { RpcHandlers } from '@nightjar/kit/rpc-server';
import type { Context } from '../context.ts';

export function getJwks({ ring }: Context): RpcHandlers<typeof AuthService>['getJwks'] {
  return async () => ({ jwksJson: JSON.stringify(await ring.publicKeys()) });
}
