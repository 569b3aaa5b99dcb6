import { createPrivateKey, type KeyObject } from 'node:crypto';
import type { Clock } from '@nightjar/kit/clock';
import type { Log } from '@nightjar/kit/log';
import { withPostgres } from '@nightjar/kit/postgres';
import type { Kysely } from 'kysely';
import { planKeys, VIEW_MS_MAX } from '../domain/key-schedule.ts';
import { changeKeys, readKeys, type StoredKey } from '../store/signing-keys.ts';
import type { Tables } from '../store/tables.ts';
import { newSigningKey } from './new-key.ts';
import { openSeed, type SealKeys } from './seal.ts';

export interface Signer {
  readonly kid: string;
  readonly key: KeyObject;
}

/** An Ed25519 public key as a JWK (RFC 8037) with what RFC 7517 has for signing keys. */
export interface PublicJwk {
  readonly kty: 'OKP';
  readonly crv: 'Ed25519';
  readonly alg: 'EdDSA';
  readonly use: 'sig';
  readonly kid: string;
  readonly x: string;
}

interface HeldKey extends StoredKey {
  readonly key?: KeyObject;
}

interface View {
  readonly keys: readonly HeldKey[];
  readonly readAtMs: number;
}

/**
 * The signing keys as this pod sees them. The table is the truth; the view is read again when it is a minute old, by
 * whoever needs it, and brings the schedule forward on the way: with several pods, one of them does and the others see it.
 */
export class KeyRing {
  readonly #db: Kysely<Tables>;
  readonly #sealKeys: SealKeys;
  readonly #clock: Clock;
  readonly #log: Log;
  #view: View | undefined;
  #reading: Promise<View> | undefined;

  constructor(db: Kysely<Tables>, sealKeys: SealKeys, clock: Clock, log: Log) {
    this.#db = db;
    this.#sealKeys = sealKeys;
    this.#clock = clock;
    this.#log = log;
  }

  /** Whether there is a key to sign with. */
  get ready(): boolean {
    return this.#view !== undefined && this.#signerOf(this.#view) !== undefined;
  }

  /** The key to sign with now. Throws Problem `unavailable` when the view is too old and PostgreSQL away. */
  async signer(): Promise<Signer> {
    const view = this.#fresh ?? (await this.tend());
    // Between the last reading and now the waiting key may have begun, so this asks the schedule once more.
    const signer = this.#signerOf(view);
    if (!signer) throw new Error('no signing key, right after one was ensured');
    return signer;
  }

  /** The public keys, the next one included. While PostgreSQL is away, those that were read last. */
  async publicKeys(): Promise<{ keys: PublicJwk[] }> {
    const view = this.#fresh ?? (await this.tend().catch((error) => this.#lastView(error)));
    return { keys: view.keys.map(toJwk) };
  }

  /** Reads the keys, makes the next one where it is due, removes those whose last access token has run out. */
  tend(): Promise<View> {
    this.#reading ??= this.#tend().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  get #fresh(): View | undefined {
    const view = this.#view;
    return view && this.#clock.mono() - view.readAtMs < VIEW_MS_MAX ? view : undefined;
  }

  #lastView(error: unknown): View {
    if (this.#view) return this.#view;
    throw error;
  }

  #signerOf(view: View): Signer | undefined {
    const { signer } = planKeys(view.keys.map(toScheduled), this.#clock.wall());
    const held = view.keys.find((key) => key.kid === signer);
    return held?.key ? { kid: held.kid, key: held.key } : undefined;
  }

  async #tend(): Promise<View> {
    const readAtMs = this.#clock.mono();
    const nowMs = this.#clock.wall();
    const keys = await withPostgres(async () => {
      const seen = (await readKeys(this.#db)).map((key) => this.#hold(key));
      const due = planKeys(seen.map(toScheduled), nowMs);
      if (due.createFromMs === undefined && due.remove.length === 0) return seen;
      const changed = await changeKeys(this.#db, async (locked) => {
        const held = locked.map((key) => this.#hold(key));
        const { createFromMs, remove } = planKeys(held.map(toScheduled), nowMs);
        if (createFromMs === undefined) return { remove };
        return { add: await newSigningKey(this.#sealKeys, createFromMs), remove };
      });
      this.#log.info('signing_keys_changed', { count: changed.length });
      return changed.map((key) => this.#hold(key));
    });
    const sealedElsewhere = keys.filter((key) => !key.key).length;
    if (sealedElsewhere > 0) this.#log.error('signing_key_cannot_be_opened', { count: sealedElsewhere });
    this.#view = { keys, readAtMs };
    return this.#view;
  }

  #hold(stored: StoredKey): HeldKey {
    const seen = this.#view?.keys.find((key) => key.kid === stored.kid);
    if (seen) return seen;
    const seed = openSeed(this.#sealKeys, stored.kid, stored.sealedSeed);
    if (!seed) return stored;
    const { x } = toJwk(stored);
    const jwk = { kty: 'OKP', crv: 'Ed25519', x, d: seed.toString('base64url') };
    return { ...stored, key: createPrivateKey({ key: jwk, format: 'jwk' }) };
  }
}

const toScheduled = ({ kid, signsFromMs, key }: HeldKey) => ({ kid, signsFromMs, usable: key !== undefined });

const toJwk = ({ kid, publicKey }: StoredKey): PublicJwk => ({
  kty: 'OKP',
  crv: 'Ed25519',
  alg: 'EdDSA',
  use: 'sig',
  kid,
  x: Buffer.from(publicKey).toString('base64url'),
});
