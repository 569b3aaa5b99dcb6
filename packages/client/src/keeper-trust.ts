import type { Sealed } from '@nightjar/contracts/ws-protocol';
import { type KeeperStatement, readStatement, sameKey } from '@nightjar/sealed/chat-keeper-statement';
import { SealedError } from '@nightjar/sealed/sealed-error';
import type { ChatKeeper } from './chat-keeper.ts';
import { judgeStatement, type KeeperPins, type PinJudgement, toPin } from './keeper-pins.ts';
import type { KeyWant } from './key-asking.ts';
import { LATE_KEY_MS } from './limits.ts';

export interface KeeperTrustParts {
  readonly roomId: string;
  readonly pins: KeeperPins;
  /** The broadcaster's own: nobody else is believed, and no pin is needed. */
  readonly keeper: ChatKeeper | undefined;
}

/** A statement that is believed. */
export interface InForce {
  readonly statement: KeeperStatement;
  /** Why its key would be wanted. */
  readonly want: KeyWant;
  /** Keys of before, and until when their lines are taken, in ms since 1970 by the server's clock. */
  readonly before: ReadonlyMap<string, number>;
}

/** A statement that is not, until a person has looked. */
export interface Offered {
  readonly statement: KeeperStatement;
  readonly why: 'other_key' | 'old';
}

/** Which keeper is believed, and which of its keys is in force. */
export class KeeperTrust {
  readonly #parts: KeeperTrustParts;
  #inForce: InForce | undefined;
  #offered: Offered | undefined;

  constructor(parts: KeeperTrustParts) {
    this.#parts = parts;
  }

  get inForce(): InForce | undefined {
    return this.#inForce;
  }

  get offered(): Offered | undefined {
    return this.#offered;
  }

  /**
   * Hears a statement out of the room's log.
   *
   * @param atMs when it began, by the server's clock
   * @returns what came of it; `nothing` also where no keeper signed it
   */
  async hear(payload: Sealed, want: KeyWant, atMs: number): Promise<'believed' | 'offered' | 'nothing'> {
    const statement = await this.#read(payload);
    const judged = statement && (await this.#judge(statement));
    if (!statement || judged === 'late') return 'nothing';
    if (judged === 'first' || judged === 'good') {
      await this.#believe(statement, want, atMs);
      return 'believed';
    }
    this.#offered = { statement, why: judged ?? 'other_key' };
    return 'offered';
  }

  /** A person looked. @returns whether there was something to accept; a broadcaster's own keeper takes back instead */
  async accept(atMs: number): Promise<boolean> {
    const offered = this.#offered;
    if (!offered || this.#parts.keeper) return false;
    await this.#believe(offered.statement, 'came', atMs);
    return true;
  }

  /** Whoever was shut out may still have a key of before: what comes under it long after the change is not believed. */
  isTooLate(keyId: string, atMs: number): boolean {
    if (!this.#inForce) return false;
    const { statement, before } = this.#inForce;
    return keyId !== statement.keyId && atMs > (before.get(keyId) ?? 0);
  }

  async #read(payload: Sealed): Promise<KeeperStatement | undefined> {
    try {
      return await readStatement(payload, this.#parts.roomId);
    } catch (error) {
      if (error instanceof SealedError) return undefined;
      throw error;
    }
  }

  async #judge(statement: KeeperStatement): Promise<PinJudgement | 'late'> {
    const { keeper, pins, roomId } = this.#parts;
    if (!keeper) return judgeStatement(await pins.get(roomId), statement);
    if (!sameKey(await keeper.publicKey(), statement.publicKey)) return 'other_key';
    // A keeper is ahead of the log: a statement of its own that comes late is nothing to be told of.
    return statement.number < (this.#inForce?.statement.number ?? 0) ? 'late' : 'good';
  }

  async #believe(statement: KeeperStatement, want: KeyWant, atMs: number): Promise<void> {
    const { keeper, pins, roomId } = this.#parts;
    this.#offered = undefined;
    if (!keeper) await pins.set(roomId, toPin(statement));
    if (this.#inForce?.statement.keyId === statement.keyId) return;
    this.#inForce = { statement, want, before: this.#before(statement.keyId, atMs) };
  }

  #before(keyId: string, atMs: number): ReadonlyMap<string, number> {
    const { statement, before } = this.#inForce ?? {};
    const keys = new Map([...(before ?? [])].filter(([, untilMs]) => untilMs > atMs));
    if (statement) keys.set(statement.keyId, atMs + LATE_KEY_MS);
    keys.delete(keyId);
    return keys;
  }
}
