import { toBase64Url } from '@nightjar/sealed/base64url';
import { generateRecipientKeyPair } from '@nightjar/sealed/recipient-keys';
import { TIP_ORDER_SCHEME } from '@nightjar/sealed/seal-tip-order';
import { createHttpClient, type HttpRequest } from '../../src/http.ts';
import { memoryKeys } from '../../src/key-store.ts';
import { RoomConnection } from '../../src/room-connection.ts';
import { Wallet } from '../../src/wallet.ts';
import type { ProtocolServer } from './protocol-server.ts';

export const ROOM = 'room_00000000-0000-7000-8000-000000000000';

export interface Heard {
  readonly offset: number;
  readonly past: boolean;
}

export function joinAsGuest(server: ProtocolServer) {
  const connection = new RoomConnection({
    endpoints: { events: server.url },
    http: createHttpClient(),
    roomId: ROOM,
    as: 'guest',
  });
  const entries: Heard[] = [];
  const welcomes: boolean[] = [];
  const phases: string[] = [];
  connection.on('entry', (entry) => entries.push(entry));
  connection.on('welcome', ({ recovered }) => welcomes.push(recovered));
  connection.on('phase', ({ phase, reason }) => phases.push(reason ? `${phase}: ${reason.code}` : phase));
  return { connection, entries, welcomes, phases };
}

/** A wallet whose payments is as real as sealing needs. */
export async function testWallet(ledger: Record<string, unknown> = {}): Promise<Wallet> {
  const { publicKey } = await generateRecipientKeyPair();
  const keys = [{ keyId: 'k1', publicKey: toBase64Url(publicKey), use: 'current' }];
  const http = async ({ path }: HttpRequest): Promise<unknown> => {
    if (path === '/v1/payments/keys') return { scheme: TIP_ORDER_SCHEME, keys };
    if (path === '/v1/wallets') return { walletId: 'wallet_1' };
    return ledger;
  };
  return new Wallet({ endpoints: { payments: 'http://x' }, http, keys: memoryKeys() });
}
