import { randomBytes } from 'node:crypto';
import {
  type CLOSE,
  type ClientMessage,
  type LogPlace,
  type ServerMessage,
  WS_FRAME_BYTES_MAX,
} from '@nightjar/contracts/ws-protocol';
import { parseClientMessage } from '@nightjar/contracts/ws-schemas';
import type { Facts } from '@nightjar/fence/facts';
import { type Problem, toProblem } from '@nightjar/kit/problem';
import { Rate } from '@nightjar/kit/rate';
import type { Context } from '../context.ts';
import { isCounted, isSanctionable, keepsKeys, maySend } from '../domain/roles.ts';
import { problem, Silenced } from '../errors.ts';
import * as limits from '../limits.ts';
import type { TicketHolder } from '../log/tickets.ts';
import type { Guest, RateName } from './guest.ts';
import type { Joined, Member } from './room.ts';
import { idOf, work } from './work.ts';

export type CloseReason = keyof typeof CLOSE;

/** The socket's other half: what a session can do to it. */
export interface Wire {
  send(frame: Buffer | string): void;
  close(reason: CloseReason): void;
  /** Bytes written and not yet taken. */
  readonly buffered: number;
}

/** Where a socket comes from. */
export interface Origin {
  readonly facts: Facts;
  /** The edge that it came through. */
  readonly edge: string | undefined;
}

const REF_BYTES = 16;

/**
 * One connection: `hello` → joining → live → closed. Messages are answered in the order that their work is done; a
 * bridge's progress is worked in the order that it came.
 */
export class Session implements Member {
  readonly #context: Context;
  readonly #wire: Wire;
  readonly #origin: Origin;
  readonly #messages: Rate;
  readonly #rates: Readonly<Record<RateName, Rate>>;
  readonly ref = randomBytes(REF_BYTES).toString('base64url');
  #state: 'hello' | 'joining' | 'live' | 'closed' = 'hello';
  #over = 0;
  #underWay = 0;
  #holder: TicketHolder | undefined;
  #guest: Guest | undefined;
  /** Of the log that `#sent` is a place in. */
  #epoch = '';
  #sent = 0;
  /** While joining: what the room delivered in the meantime. */
  #kept: { offset: number; frame: Buffer }[] = [];
  #progress: Promise<void> = Promise.resolve();

  constructor(context: Context, wire: Wire, origin: Origin) {
    this.#context = context;
    this.#wire = wire;
    this.#origin = origin;
    const now = context.clock.mono();
    this.#messages = new Rate(limits.MESSAGES_PER_SECOND, limits.MESSAGES_BURST, now);
    this.#rates = {
      tips: new Rate(limits.TIPS_PER_SECOND, limits.TIPS_BURST, now),
      chats: new Rate(limits.CHATS_PER_SECOND, limits.CHATS_BURST, now),
      keyAsks: new Rate(limits.KEY_ASKS_PER_SECOND, limits.KEY_ASKS_BURST, now),
      keepers: new Rate(limits.KEEPERS_PER_SECOND, limits.KEEPERS_BURST, now),
    };
  }

  get roomId(): string | undefined {
    return this.#holder?.roomId;
  }

  get edge(): string | undefined {
    return this.#origin.edge;
  }

  get isBridge(): boolean {
    return this.#holder?.role === 'bridge';
  }

  get counted(): boolean {
    return this.#holder !== undefined && isCounted(this.#holder.role);
  }

  get keepsKeys(): boolean {
    return this.#holder !== undefined && keepsKeys(this.#holder.role);
  }

  get sanctionable(): string | undefined {
    return this.#holder && isSanctionable(this.#holder.role) ? this.#holder.pseudonym : undefined;
  }

  /** A frame from the client. */
  receive(text: string): void {
    if (this.#state === 'closed') return;
    if (text.length > WS_FRAME_BYTES_MAX) return this.close('tooLarge');
    if (!this.#messages.take(this.#context.clock.mono())) {
      this.#over += 1;
      if (this.#over > limits.MESSAGES_OVER_MAX) return this.close('tooMany');
      return this.#complain(problem('too_many_messages'));
    }
    const parsed = parseClientMessage(text);
    if (!parsed.ok) {
      if (this.#state === 'hello') return this.close('badMessage');
      return this.#complain(problem(parsed.code), parsed.id);
    }
    const { message } = parsed;
    if (this.#state === 'hello') {
      if (message.t !== 'hello') return this.close('badMessage');
      void this.#enter(message.ticket, message.resume);
      return;
    }
    this.#dispatch(message);
  }

  /** The fence changed: whoever is outside of it now goes, and learns no more than that there is no such room. */
  checkFence(): void {
    if (this.#holder && this.#holder.role !== 'broadcaster' && this.#holder.role !== 'bridge') {
      if (!this.#context.fence.allows(this.#holder.roomId, this.#origin.facts)) this.close('roomUnknown');
    }
  }

  deliver(offset: number, frame: Buffer): void {
    if (this.#state === 'joining') this.#kept.push({ offset, frame });
    else if (this.#state === 'live' && offset > this.#sent) {
      this.#sent = offset;
      this.#write(frame);
    }
  }

  tell(frame: Buffer): void {
    if (this.#state === 'live') this.#write(frame);
  }

  askForKey(frame: Buffer): void {
    // Newcomers must not be able to close the broadcaster's socket as too slow.
    if (this.#wire.buffered <= limits.KEY_ASK_BUFFER_BYTES_MAX) this.tell(frame);
  }

  expel(): void {
    this.close('removed');
  }

  restart(): void {
    if (this.#state === 'live') void this.#begin({ epoch: this.#epoch, offset: this.#sent });
    else if (this.#state === 'joining') this.#restarted = true;
  }
  #restarted = false;

  say(message: ServerMessage): void {
    if (this.#state !== 'closed') this.#write(JSON.stringify(message));
  }

  close(reason: CloseReason): void {
    if (this.#state === 'closed') return;
    this.ended();
    this.#context.metrics.closed(reason);
    this.#wire.close(reason);
  }

  /** The socket is gone. */
  ended(): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    // A bridge's seat is not given up here: the same run may have a second socket, and else its last permit runs out.
    if (this.#holder) this.#context.hub.leave(this.#holder.roomId, this);
  }

  async #enter(ticket: string, resume: LogPlace | undefined): Promise<void> {
    this.#state = 'joining';
    try {
      const holder = await this.#context.tickets.redeem(ticket, 'socket');
      if (this.#isClosed()) return;
      this.#holder = holder;
      if (
        holder.role !== 'bridge' &&
        holder.role !== 'broadcaster' &&
        !this.#context.fence.allows(holder.roomId, this.#origin.facts)
      ) {
        return this.close('roomUnknown');
      }
      const room = await this.#context.hub.enter(holder.roomId, this);
      if (this.#isClosed()) return this.#context.hub.leave(holder.roomId, this);
      this.#guest = {
        holder,
        room,
        context: this.#context,
        ref: this.ref,
        say: (message) => this.say(message),
        spend: (rate) => this.#rates[rate].take(this.#context.clock.mono()),
      };
      await this.#begin(resume);
    } catch (error) {
      this.#fail(error);
    }
  }

  /**
   * From joining to live: welcome, what the client missed, what came in the meantime. Where the log is another one by then
   * it is read again, from the same place: that may be in the new log, told to the client by another pod.
   */
  async #begin(resume: LogPlace | undefined): Promise<void> {
    const guest = this.#guest;
    if (!guest) return;
    this.#state = 'joining';
    this.#kept = [];
    this.#restarted = false;
    try {
      const joined = await guest.room.join(resume);
      if (this.#isClosed()) return;
      if (this.#restarted) return await this.#begin(resume);
      // A ticket may be older than the decision about its holder.
      const who = this.sanctionable;
      if (who !== undefined && joined.sanctions.isOut(who)) return this.expel();
      this.#state = 'live';
      this.#epoch = joined.epoch;
      this.#sent = joined.offset;
      this.#welcome(guest, joined);
      for (const { frame } of joined.history) this.#write(frame);
      const kept = this.#kept;
      this.#kept = [];
      for (const { offset, frame } of kept) this.deliver(offset, frame);
    } catch (error) {
      this.#fail(error);
    }
  }

  #welcome({ holder, room }: Guest, { history: _, sanctions, ...place }: Joined): void {
    const { pseudonym, role, roomId } = holder;
    const serverMs = this.#context.clock.wall();
    const silencedUntil = sanctions.silencedUntil(this.sanctionable ?? '', serverMs);
    this.say({
      t: 'welcome',
      roomId,
      role,
      ...(pseudonym ? { pseudonym } : {}),
      ...place,
      ...(silencedUntil === undefined ? {} : { silencedUntil: new Date(silencedUntil).toISOString() }),
      viewers: room.viewers,
      serverMs,
    });
  }

  #isClosed(): boolean {
    return this.#state === 'closed';
  }

  #dispatch(message: ClientMessage): void {
    const guest = this.#guest;
    const id = idOf(message);
    if (!guest || message.t === 'hello') return this.#complain(problem('malformed_message'), id);
    if (message.t === 'ping')
      return this.say({ t: 'pong', n: message.n, serverMs: this.#context.clock.wall() });
    if (!maySend(guest.holder.role, message.t)) return this.#complain(problem('role_missing'), id);
    if (this.#underWay >= limits.SOCKET_IN_FLIGHT_MAX)
      return this.#complain(problem('too_many_messages'), id);
    this.#underWay += 1;
    const run = () =>
      work(guest, message)
        .catch((error: unknown) => {
          const shown = toProblem(error);
          if (shown.kind === 'internal')
            this.#context.log.error('message_failed', { kind: message.t, error });
          this.#complain(shown, id);
        })
        .finally(() => {
          this.#underWay -= 1;
        });
    // Permits answer to a clock and wait for nobody. What a bridge says of its effects is told in its order, and not
    // behind outcomes, which take the ledger's time.
    if (message.t === 'progress') this.#progress = this.#progress.then(run);
    else void run();
  }

  #complain(shown: Problem, re?: string): void {
    const until = shown instanceof Silenced ? { until: shown.until } : {};
    this.say({
      t: 'error',
      ...(re ? { re } : {}),
      code: shown.code,
      message: shown.message,
      retry: shown.retry,
      ...until,
    });
  }

  #fail(error: unknown): void {
    if (this.#isClosed()) return;
    const shown = toProblem(error);
    if (shown.code === 'ticket_invalid') return this.close('ticketInvalid');
    if (shown.kind !== 'internal') return this.close('unavailable');
    this.#context.log.error('join_failed', { error });
    this.close('internal');
  }

  #write(frame: Buffer | string): void {
    this.#wire.send(frame);
    if (this.#wire.buffered > limits.SOCKET_BUFFER_BYTES_MAX) this.close('tooSlow');
  }
}
