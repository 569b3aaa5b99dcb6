import type { KeyFor, Sealed } from '@nightjar/contracts/ws-protocol';
import { fromBase64Url, toBase64Url } from '@nightjar/sealed/base64url';
import { readKeyAsk } from '@nightjar/sealed/chat-key-ask';
import { sealGrant } from '@nightjar/sealed/chat-key-grant';
import { wrapRoomKey } from '@nightjar/sealed/chat-key-wrap';
import { importAesKey, randomKey } from '@nightjar/sealed/chat-room-key';
import type { PlatformKey, SigningKeyPair } from '@nightjar/sealed/keys';
import { SealedError } from '@nightjar/sealed/sealed-error';
import type { KeeperState } from './keeper-store.ts';
import { ASKS_WAITING_MAX, KEYS_IN_MESSAGE_MAX, KEYS_PAUSE_MS, MEMBERS_KEPT } from './limits.ts';
import { pause } from './platform.ts';
import type { RoomConnection } from './room-connection.ts';

export interface KeyAsked {
  /** The connection that asks. */
  readonly ref: string;
  /** Pseudonym; missing for a guest. */
  readonly from?: string;
  readonly request: Sealed;
}

export interface KeyGiverParts {
  readonly connection: Pick<RoomConnection, 'roomId' | 'giveKeys'>;
  readonly signing: Promise<SigningKeyPair>;
  /** The keeper's state at this moment: its last key is given, to nobody who is excluded. */
  readonly state: () => KeeperState | undefined;
  readonly onFault: (error: unknown) => void;
}

interface Member {
  readonly ref: string;
  readonly pseudonym?: string;
  readonly key: PlatformKey;
}

/** Gives the room key out: to newcomers who ask, and after a change to all members, at a pace that the server takes. */
export class KeyGiver {
  readonly #parts: KeyGiverParts;
  /** By signing key; the newest last. */
  readonly #members = new Map<string, Member>();
  /** By connection: whoever asks again is answered once. */
  readonly #asks = new Map<string, KeyAsked>();
  /** Who is still to be sent the new key of this round. */
  #owed: (readonly [string, Member])[] = [];
  #giving = false;
  #closed = false;

  constructor(parts: KeyGiverParts) {
    this.#parts = parts;
  }

  get members(): number {
    return this.#members.size;
  }

  ask(asked: KeyAsked): void {
    if (this.#asks.size >= ASKS_WAITING_MAX && !this.#asks.has(asked.ref)) return; // made again by who asks
    this.#asks.set(asked.ref, asked);
    this.#give();
  }

  /** A key is new, and not yet to be given: a round that was under way is over. */
  hold(): void {
    this.#owed = [];
  }

  /** Sends the key in force to all members, the newest first: they are likeliest still there. */
  giveAll(): void {
    this.#owed = [...this.#members].reverse();
    this.#give();
  }

  forget(pseudonym: string): void {
    for (const [name, member] of this.#members) {
      if (member.pseudonym === pseudonym) this.#members.delete(name);
    }
  }

  close(): void {
    this.#closed = true;
  }

  #give(): void {
    if (this.#giving) return;
    this.#giving = true;
    this.#giveOn()
      .catch(this.#parts.onFault)
      .finally(() => {
        this.#giving = false;
      });
  }

  /** Newcomers first: they see nothing yet. What comes during a pause goes out together. */
  async #giveOn(): Promise<void> {
    while (!this.#closed && this.#asks.size + this.#owed.length > 0) {
      const asks = [...this.#asks.values()].slice(0, KEYS_IN_MESSAGE_MAX);
      for (const { ref } of asks) this.#asks.delete(ref);
      const answers = await this.#answer(asks);
      const owed = this.#owed.splice(0, KEYS_IN_MESSAGE_MAX - answers.length);
      const keys = [...answers, ...(await this.#wrap(owed))];
      if (keys.length > 0) this.#parts.connection.giveKeys(keys);
      await pause(KEYS_PAUSE_MS);
    }
  }

  async #answer(asks: readonly KeyAsked[]): Promise<KeyFor[]> {
    const keys: KeyFor[] = [];
    for (const asked of asks) {
      const key = await this.#grant(asked);
      if (key) keys.push({ to: asked.ref, key });
    }
    return keys;
  }

  async #grant({ ref, from, request }: KeyAsked): Promise<Sealed | undefined> {
    const { connection, signing, state } = this.#parts;
    const { roomId } = connection;
    const keeper = await signing;
    const roomKey = state()?.keys.at(-1);
    if (roomKey === undefined || this.#isOut(from)) return undefined;
    try {
      const ask = await readKeyAsk(request, { roomId, keeperKey: keeper.publicKey });
      const memberKey = randomKey();
      const keys = { memberKey, roomKey: fromBase64Url(roomKey) };
      const granted = await sealGrant(keys, ask, roomId, keeper, from);
      const key = await importAesKey(memberKey);
      this.#remember(toBase64Url(ask.signingKey), {
        ...{ ref, key },
        ...(from === undefined ? {} : { pseudonym: from }),
      });
      return granted;
    } catch (error) {
      if (error instanceof SealedError) return undefined; // no ask for this keeper
      throw error;
    }
  }

  #remember(name: string, member: Member): void {
    this.#members.delete(name);
    this.#members.set(name, member);
    const [oldest] = this.#members.keys();
    if (this.#members.size > MEMBERS_KEPT && oldest !== undefined) this.#members.delete(oldest);
  }

  async #wrap(owed: readonly (readonly [string, Member])[]): Promise<KeyFor[]> {
    const { connection, signing, state } = this.#parts;
    const { publicKey } = await signing;
    const roomKey = state()?.keys.at(-1);
    if (roomKey === undefined) return [];
    const place = { roomId: connection.roomId, keeperKey: publicKey };
    // Who was shut out, or was granted another member key, since the round began is passed over.
    const members = owed.filter(
      ([name, member]) => this.#members.get(name) === member && !this.#isOut(member.pseudonym),
    );
    return Promise.all(
      members.map(async ([, { ref, key }]) => ({
        to: ref,
        key: await wrapRoomKey(fromBase64Url(roomKey), key, place),
      })),
    );
  }

  #isOut(pseudonym: string | undefined): boolean {
    return pseudonym !== undefined && this.#parts.state()?.excluded.includes(pseudonym) === true;
  }
}
