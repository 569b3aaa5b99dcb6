import { toBase64Url } from '@nightjar/sealed/base64url';
import { type SigningKeyPair, sign } from '@nightjar/sealed/keys';
import type { Endpoints } from './endpoints.ts';
import type { HttpClient } from './http.ts';
import type { KeyStore } from './key-store.ts';
import { RENEW_BEFORE_MS } from './limits.ts';
import { PLATFORM, type Platform } from './platform.ts';
import { readObject, readText, readTime } from './read.ts';

/** Where an access token is good. In a room its subject is the pseudonym. */
export type Audience = 'auth' | 'rooms' | 'payments' | 'geofence' | `room:${string}`;

export interface AccessToken {
  readonly accessToken: string;
  /** What this device's account is called towards this audience, and nowhere else. */
  readonly subject: string;
  /** ms since 1970, by the server's clock. */
  readonly expiresAtMs: number;
}

export interface IdentityParts {
  readonly endpoints: Pick<Endpoints, 'auth'>;
  readonly http: HttpClient;
  readonly keys: KeyStore;
  /** Which key of the store; one account each. */
  readonly keyName?: string;
  /** Act as the broadcaster that the operator made this key. */
  readonly broadcaster?: boolean;
  readonly platform?: Platform;
}

/**
 * Who this device is: an account that is nothing but a key. Nobody is asked for a name; a key that auth does not know
 * gets a new account at once. Access tokens are kept in memory and renewed before they end.
 */
export class Identity {
  readonly #parts: IdentityParts;
  readonly #platform: Platform;
  readonly #known = new Map<Audience, Promise<Kept>>();

  constructor(parts: IdentityParts) {
    this.#parts = parts;
    this.#platform = parts.platform ?? PLATFORM;
  }

  /** The device's public key, base64url: what an operator makes a broadcaster of. */
  async publicKey(): Promise<string> {
    return toBase64Url((await this.#key()).publicKey);
  }

  /** @throws ProblemError; `not_a_broadcaster` when the operator did not make this key one. */
  async accessToken(audience: Audience): Promise<AccessToken> {
    const known = this.#known.get(audience);
    if (known) {
      const kept = await known;
      if (this.#platform.mono() < kept.renewMono) return kept;
      // Another caller may have renewed it while this one waited.
      const current = this.#known.get(audience);
      if (current !== undefined && current !== known) return current;
    }
    return this.#renew(audience);
  }

  /** The room-scoped pseudonym: nobody can link it to the one in another room. */
  async pseudonym(roomId: string): Promise<string> {
    return (await this.accessToken(`room:${roomId}`)).subject;
  }

  /** Forgets an access token that a service refused, so that the next ask signs in again. */
  invalidate(audience: Audience): void {
    this.#known.delete(audience);
  }

  /** Deletes the account and then the key. What it was called anywhere can never be used again. */
  async disappear(): Promise<void> {
    const key = await this.#key();
    const challenge = await this.#challenge();
    await this.#parts.http({
      method: 'DELETE',
      base: this.#parts.endpoints.auth,
      path: '/v1/auth/account',
      body: await signed(key, challenge, `nightjar/disappear/v1\n${challenge}`),
      repeatable: false,
    });
    this.#known.clear();
    await this.#parts.keys.forget(this.#keyName);
  }

  get #keyName(): string {
    return this.#parts.keyName ?? 'device';
  }

  #key(): Promise<SigningKeyPair> {
    return this.#parts.keys.key(this.#keyName);
  }

  #renew(audience: Audience): Promise<Kept> {
    const renewed = this.#signIn(audience);
    this.#known.set(audience, renewed);
    renewed.catch(() => {
      if (this.#known.get(audience) === renewed) this.#known.delete(audience);
    });
    return renewed;
  }

  async #signIn(audience: Audience): Promise<Kept> {
    const { http, endpoints, broadcaster = false } = this.#parts;
    const key = await this.#key();
    const challenge = await this.#challenge();
    const as = broadcaster ? 'broadcaster' : 'viewer';
    const body = await signed(key, challenge, `nightjar/sign-in/v1\n${challenge}\n${audience}\n${as}`);
    const askedMs = this.#platform.now();
    const askedMono = this.#platform.mono();
    const answer = readObject(
      await http({
        method: 'POST',
        base: endpoints.auth,
        path: '/v1/auth/access-tokens',
        body: { ...body, audience, ...(broadcaster ? { broadcaster } : {}) },
      }),
    );
    const expiresAtMs = readTime(answer, 'expiresAt');
    // A device's clock may be wrong by more than the token's life: no less than half a minute is taken from it.
    const lifeMs = Math.min(Math.max(expiresAtMs - askedMs, RENEW_BEFORE_MS * 1.5), 600_000);
    return {
      accessToken: readText(answer, 'accessToken'),
      subject: readText(answer, 'subject'),
      expiresAtMs,
      renewMono: askedMono + lifeMs - RENEW_BEFORE_MS,
    };
  }

  async #challenge(): Promise<string> {
    const { http, endpoints } = this.#parts;
    const answer = await http({
      method: 'POST',
      base: endpoints.auth,
      path: '/v1/auth/challenges',
      repeatable: true,
    });
    return readText(readObject(answer), 'challenge');
  }
}

interface Kept extends AccessToken {
  readonly renewMono: number;
}

async function signed(key: SigningKeyPair, challenge: string, text: string) {
  const signature = await sign(key.privateKey, new TextEncoder().encode(text));
  return { publicKey: toBase64Url(key.publicKey), challenge, signature: toBase64Url(signature) };
}
