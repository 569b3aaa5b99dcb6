import type { Sealed, TipResult } from '@nightjar/contracts/ws-protocol';
import { fromBase64Url } from '@nightjar/sealed/base64url';
import type { SigningKeyPair } from '@nightjar/sealed/keys';
import type { RecipientPublicKey } from '@nightjar/sealed/recipient-keys';
import { makeProof } from '@nightjar/sealed/request-proof';
import { sealTipOrder, TIP_ORDER_SCHEME } from '@nightjar/sealed/seal-tip-order';
import { signTipOrder, type TipOrder } from '@nightjar/sealed/tip-order';
import type { Endpoints } from './endpoints.ts';
import type { HttpClient, HttpRequest } from './http.ts';
import type { KeyStore } from './key-store.ts';
import { ORDER_KEY_MS } from './limits.ts';
import { PLATFORM, type Platform } from './platform.ts';
import { localProblem, ProblemError } from './problem-error.ts';
import { readAmount, readList, readNumber, readObject, readText } from './read.ts';

export interface Balance {
  /** Tokens that can be spent. */
  readonly available: bigint;
  /** Tokens held for tips whose outcome is not known yet. */
  readonly held: bigint;
}

export interface Purchase {
  readonly purchaseId: string;
  readonly amount: bigint;
  /** `credited`: in the wallet; `started` and `paid`: on their way. */
  readonly state: string;
}

/** A tip's money as the ledger has it. */
export interface TipMoney {
  readonly state: 'held' | 'settled' | 'returned';
  /** Not there while it is held. */
  readonly result?: TipResult;
  readonly settled: bigint;
  readonly returned: bigint;
  readonly ranMs: number;
}

export interface WalletParts {
  readonly endpoints: Pick<Endpoints, 'payments'>;
  readonly http: HttpClient;
  readonly keys: KeyStore;
  /** Which key of the store; one wallet each. */
  readonly keyName?: string;
  readonly platform?: Platform;
}

/**
 * Tokens that belong to a key and to no account: each request proves the key, and nothing of it says who somebody is.
 * All throw ProblemError.
 */
export class Wallet {
  readonly #parts: WalletParts;
  readonly #platform: Platform;
  #opened: Promise<string> | undefined;
  #orderKey: { readonly key: Promise<RecipientPublicKey>; readonly untilMono: number } | undefined;
  /** How far the server's clock is ahead of this device's, learned when a proof was stale. */
  #serverAheadMs = 0;

  constructor(parts: WalletParts) {
    this.#parts = parts;
    this.#platform = parts.platform ?? PLATFORM;
  }

  /** The wallet's id. The same key has the same wallet for ever; it is opened where there was none. */
  id(): Promise<string> {
    const opened =
      this.#opened ??
      this.#proven({ method: 'POST', path: '/v1/wallets', repeatable: true }).then((answer) =>
        readText(readObject(answer), 'walletId'),
      );
    this.#opened = opened;
    opened.catch(() => {
      this.#opened = undefined;
    });
    return opened;
  }

  async balance(): Promise<Balance> {
    const answer = readObject(await this.#proven({ method: 'GET', path: await this.#path('') }));
    return { available: readAmount(answer, 'available'), held: readAmount(answer, 'held') };
  }

  /**
   * Buys tokens. `play` is the gateway of play money.
   *
   * @param idempotencyKey the same again answers the same purchase: keep it until you have the answer
   */
  async buy(
    amount: bigint,
    gateway = 'play',
    idempotencyKey: string = crypto.randomUUID(),
  ): Promise<Purchase> {
    const body = { gateway, amount: `${amount}` };
    const path = await this.#path('/purchases');
    const answer = readObject(await this.#proven({ method: 'POST', path, body, idempotencyKey }));
    return {
      purchaseId: readText(answer, 'purchaseId'),
      amount: readAmount(answer, 'amount'),
      state: readText(answer, 'state'),
    };
  }

  /** What became of a tip of this wallet. @throws ProblemError `tip_not_found` when it never was accepted */
  async tip(tipId: string): Promise<TipMoney> {
    const path = await this.#path(`/tips/${encodeURIComponent(tipId)}`);
    const answer = readObject(await this.#proven({ method: 'GET', path }));
    const state = readText(answer, 'state');
    if (state !== 'held' && state !== 'settled' && state !== 'returned') throw localProblem('not_understood');
    return {
      state,
      ...(typeof answer.result === 'string' ? { result: answer.result as TipResult } : {}),
      settled: readAmount(answer, 'settled'),
      returned: readAmount(answer, 'returned'),
      ranMs: readNumber(answer, 'ranMs'),
    };
  }

  /**
   * A tip order: signed by the wallet's key, then sealed to payments, so that whoever carries it learns neither wallet
   * nor amount from it.
   */
  async order(order: Omit<TipOrder, 'walletId'>): Promise<Sealed> {
    const [walletId, { privateKey }, recipient] = await Promise.all([
      this.id(),
      this.#key(),
      this.#recipient(),
    ]);
    return sealTipOrder(await signTipOrder({ ...order, walletId }, privateKey), recipient);
  }

  /** Gets ready to tip: the wallet's id and payments' key, so that the first tip waits for neither. */
  async prepare(): Promise<void> {
    await Promise.all([this.id(), this.#recipient()]);
  }

  /** Payments does not use the key any more that it was sealed to. */
  forgetOrderKey(): void {
    this.#orderKey = undefined;
  }

  #key(): Promise<SigningKeyPair> {
    return this.#parts.keys.key(this.#parts.keyName ?? 'wallet');
  }

  async #path(tail: string): Promise<string> {
    return `/v1/wallets/${await this.id()}${tail}`;
  }

  #recipient(): Promise<RecipientPublicKey> {
    const now = this.#platform.mono();
    if (this.#orderKey && now < this.#orderKey.untilMono) return this.#orderKey.key;
    const key = this.#getOrderKey();
    this.#orderKey = { key, untilMono: now + ORDER_KEY_MS };
    key.catch(() => {
      if (this.#orderKey?.key === key) this.#orderKey = undefined;
    });
    return key;
  }

  async #getOrderKey(): Promise<RecipientPublicKey> {
    const { endpoints, http } = this.#parts;
    const answer = readObject(
      await http({ method: 'GET', base: endpoints.payments, path: '/v1/payments/keys' }),
    );
    if (answer.scheme !== TIP_ORDER_SCHEME) throw localProblem('not_understood', 'another way of sealing');
    const current = readList(answer, 'keys')
      .map(readObject)
      .find(({ use }) => use === 'current');
    if (!current) throw localProblem('not_understood', 'no current key');
    return { keyId: readText(current, 'keyId'), publicKey: fromBase64Url(readText(current, 'publicKey')) };
  }

  async #proven(request: Omit<HttpRequest, 'base' | 'prove'>): Promise<unknown> {
    try {
      return await this.#prove(request);
    } catch (error) {
      // A device's clock is often wrong; what the server says of its own is good enough for a proof.
      if (!(error instanceof ProblemError) || error.code !== 'proof_stale' || !error.serverMs) throw error;
      this.#serverAheadMs = error.serverMs - this.#platform.now();
      return this.#prove(request);
    }
  }

  #prove(request: Omit<HttpRequest, 'base' | 'prove'>): Promise<unknown> {
    const { endpoints, http } = this.#parts;
    return http({
      ...request,
      base: endpoints.payments,
      prove: async (method, path, body) => {
        const now = this.#platform.now() + this.#serverAheadMs;
        return { 'nightjar-proof': await makeProof(await this.#key(), { method, path, body }, { now }) };
      },
    });
  }
}
