import { toBase64Url } from '@nightjar/sealed/base64url';
import { type AskKeys, type AskPlace, makeKeyAsk, newAskKeys } from '@nightjar/sealed/chat-key-ask';
import { KEY_SCHEME, openGrant } from '@nightjar/sealed/chat-key-grant';
import { KEY_WRAP_SCHEME, unwrapRoomKey } from '@nightjar/sealed/chat-key-wrap';
import type { Speaker } from '@nightjar/sealed/chat-line';
import { type CheckMember, memberCheck } from '@nightjar/sealed/chat-member';
import { importAesKey, importRoomKey, type RoomKey } from '@nightjar/sealed/chat-room-key';
import { generateSigningKeyPair, type PlatformKey } from '@nightjar/sealed/keys';
import { SealedError } from '@nightjar/sealed/sealed-error';
import type { SealedPayload } from '@nightjar/sealed/sealed-payload';
import { KEY_ASKS_KEPT, ROOM_KEYS_KEPT } from './limits.ts';

/** A room key, and whose certificates hold for lines under it. */
interface HeldKey {
  readonly roomKey: RoomKey;
  readonly checkMember: CheckMember;
}

/**
 * The keys of one stay in one room. Give the same to the next RoomChat of the same page, so that what a guest could
 * read stays readable when it comes in as a viewer. They are never kept: a stay that is over is over.
 */
export class ChatKeys {
  readonly #asks: { readonly hash: Uint8Array }[] = [];
  readonly #held = new Map<string, HeldKey>();
  readonly #checks = new Map<string, CheckMember>();
  #own: Promise<AskKeys> | undefined;
  #memberKey: PlatformKey | undefined;
  #certified: { readonly pseudonym: string; readonly certificate: Uint8Array } | undefined;

  /** Whether a new room key can come by itself. */
  get isMember(): boolean {
    return this.#memberKey !== undefined;
  }

  /** The public key that our lines are signed with. */
  async signingKey(): Promise<Uint8Array> {
    return (await this.#keys()).signing.publicKey;
  }

  held(keyId: string): HeldKey | undefined {
    return this.#held.get(keyId);
  }

  /** Who we are when we speak; undefined without a certificate for this name. */
  async speaker(pseudonym: string | undefined): Promise<Speaker | undefined> {
    const certified = this.#certified;
    if (!certified || certified.pseudonym !== pseudonym) return undefined;
    return { key: (await this.#keys()).signing, certificate: certified.certificate };
  }

  maySpeakAs(pseudonym: string | undefined): boolean {
    return pseudonym !== undefined && this.#certified?.pseudonym === pseudonym;
  }

  async makeAsk(place: AskPlace, keyId: string): Promise<SealedPayload> {
    const { request, hash } = await makeKeyAsk(await this.#keys(), place, keyId);
    this.#asks.push({ hash });
    if (this.#asks.length > KEY_ASKS_KEPT) this.#asks.shift();
    return request;
  }

  /**
   * Takes what the keeper sent: a grant that answers one of our asks, or a new room key under our member key.
   *
   * @throws SealedError
   */
  async take(payload: SealedPayload, place: AskPlace, pseudonym: string | undefined): Promise<void> {
    if (payload.scheme === KEY_SCHEME) await this.#takeGrant(payload, place, pseudonym);
    else if (payload.scheme === KEY_WRAP_SCHEME) await this.#takeWrap(payload, place);
    else throw new SealedError('wrong_scheme', 'a key sealed by an unknown scheme');
  }

  /** The keeper's own: it needs no answer to an ask. */
  async hold(raw: Uint8Array, keeperKey: Uint8Array): Promise<void> {
    const roomKey = await importRoomKey(raw);
    this.#held.delete(roomKey.keyId);
    this.#held.set(roomKey.keyId, { roomKey, checkMember: this.#checkOf(keeperKey) });
    const [oldest] = this.#held.keys();
    if (this.#held.size > ROOM_KEYS_KEPT && oldest !== undefined) this.#held.delete(oldest);
  }

  certify(pseudonym: string, certificate: Uint8Array): void {
    this.#certified = { pseudonym, certificate };
  }

  /** Somebody else keeps the keys now: what the former one gave us is of no use for speaking. */
  forgetKeeper(): void {
    this.#memberKey = undefined;
    this.#certified = undefined;
    this.#asks.length = 0;
  }

  async #takeGrant(payload: SealedPayload, place: AskPlace, pseudonym: string | undefined): Promise<void> {
    const own = await this.#keys();
    for (const ask of this.#asks.toReversed()) {
      try {
        const grant = await openGrant(payload, own, ask, place, pseudonym);
        this.#memberKey = await importAesKey(grant.memberKey);
        await this.hold(grant.roomKey, place.keeperKey);
        if (pseudonym !== undefined && grant.certificate) this.certify(pseudonym, grant.certificate);
        return;
      } catch (error) {
        // It may answer an earlier ask.
        if (!(error instanceof SealedError) || error.code !== 'not_opened') throw error;
      }
    }
    throw new SealedError('not_opened', 'a key that answers no ask of ours');
  }

  async #takeWrap(payload: SealedPayload, place: AskPlace): Promise<void> {
    if (!this.#memberKey) throw new SealedError('unknown_key', 'a wrapped key, and no member key');
    await this.hold(await unwrapRoomKey(payload, this.#memberKey, place), place.keeperKey);
  }

  #keys(): Promise<AskKeys> {
    this.#own ??= generateSigningKeyPair({ extractable: false }).then(newAskKeys);
    return this.#own;
  }

  #checkOf(keeperKey: Uint8Array): CheckMember {
    const name = toBase64Url(keeperKey);
    const check = this.#checks.get(name) ?? memberCheck(keeperKey);
    this.#checks.set(name, check);
    return check;
  }
}
