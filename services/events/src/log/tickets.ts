import { createHash, randomBytes } from 'node:crypto';
import type { Role } from '@nightjar/contracts/ws-protocol';
import { commonProblem } from '@nightjar/kit/problem';
import type { Redis } from 'ioredis';
import { problem } from '../errors.ts';
import { TICKET_SECONDS } from '../limits.ts';

/** Whom a ticket was given to. Nothing of where they come from. */
export interface TicketHolder {
  readonly roomId: string;
  readonly role: Role;
  readonly pseudonym?: string;
  readonly sessionId: string;
  /** Bridges only: the key that outcomes will be signed with, and which run of the bridge it is. */
  readonly bridge?: { readonly publicKey: string; readonly instance: string };
}

/** A ticket has two halves, each good for one use: a socket, and a media grant. */
export type TicketHalf = 'socket' | 'media';

const TICKET_BYTES = 32;

/** Join tickets: random, kept hashed, single-use, for TICKET_SECONDS. */
export class Tickets {
  readonly #redis: Redis;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  async give(holder: TicketHolder): Promise<string> {
    const ticket = randomBytes(TICKET_BYTES).toString('base64url');
    const value = JSON.stringify(holder);
    try {
      await Promise.all(
        (['socket', 'media'] as const).map((half) =>
          this.#redis.set(key(ticket, half), value, 'EX', TICKET_SECONDS),
        ),
      );
    } catch (error) {
      throw commonProblem('unavailable', error);
    }
    return ticket;
  }

  /** Throws Problem `ticket_invalid` when this half is used, too old or never was. */
  async redeem(ticket: string, half: TicketHalf): Promise<TicketHolder> {
    let value: string | null;
    try {
      value = await this.#redis.getdel(key(ticket, half));
    } catch (error) {
      throw commonProblem('unavailable', error);
    }
    if (value === null) throw problem('ticket_invalid');
    return JSON.parse(value) as TicketHolder;
  }
}

function key(ticket: string, half: TicketHalf): string {
  return `ticket:${createHash('sha256').update(ticket).digest('base64url')}:${half}`;
}
