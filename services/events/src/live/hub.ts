import type { Redis } from 'ioredis';
import { PRESENCE_EVERY_MS, PRESENCE_SOON_MS, PRESENCE_TURNS } from '../limits.ts';
import { roomKeys } from '../log/keys.ts';
import { type Member, Room, type RoomDeps } from './room.ts';

/** The rooms that this pod has sockets in, and their channels. */
export class Hub implements AsyncDisposable {
  readonly #rooms = new Map<string, { room: Room; subscribed: Promise<unknown> }>();
  readonly #byChannel = new Map<string, Room>();
  readonly #presenceDue = new Map<string, NodeJS.Timeout>();
  readonly #subscriber: Redis;
  readonly #deps: RoomDeps;
  readonly #pod: string;
  readonly #beat: NodeJS.Timeout;

  constructor(options: { subscriber: Redis; pod: string } & RoomDeps) {
    this.#subscriber = options.subscriber;
    this.#deps = options;
    this.#pod = options.pod;
    this.#subscriber.on('smessage', (channel: string, message: string) =>
      this.#byChannel.get(channel)?.receive(message),
    );
    // What was said while the subscription was away is in the log.
    this.#subscriber.on('ready', () => {
      for (const { room } of this.#rooms.values()) void room.catchUp();
    });
    this.#beat = setInterval(() => this.#sayPresenceInTurn(), PRESENCE_EVERY_MS / PRESENCE_TURNS);
  }

  *rooms(): IterableIterator<Room> {
    for (const { room } of this.#rooms.values()) yield room;
  }

  /** Puts a member into its room, whose channel is subscribed to when this resolves. */
  async enter(roomId: string, member: Member): Promise<Room> {
    let entry = this.#rooms.get(roomId);
    if (!entry) {
      const room = new Room(roomId, this.#deps);
      const { channel } = roomKeys(roomId);
      this.#byChannel.set(channel, room);
      entry = { room, subscribed: this.#subscriber.ssubscribe(channel) };
      this.#rooms.set(roomId, entry);
    }
    entry.room.add(member);
    await entry.subscribed;
    this.#presenceSoon(entry.room);
    return entry.room;
  }

  leave(roomId: string, member: Member): void {
    const entry = this.#rooms.get(roomId);
    if (!entry?.room.remove(member)) return;
    this.#presenceSoon(entry.room);
    if (!entry.room.isEmpty) return;
    this.#rooms.delete(roomId);
    const { channel } = roomKeys(roomId);
    this.#byChannel.delete(channel);
    this.#subscriber.sunsubscribe(channel).catch(() => {});
  }

  /** Comings and goings in a short while are said together. */
  #presenceSoon(room: Room): void {
    if (this.#presenceDue.has(room.id)) return;
    const timer = setTimeout(() => {
      this.#presenceDue.delete(room.id);
      void this.#sayPresence(room);
    }, PRESENCE_SOON_MS);
    this.#presenceDue.set(room.id, timer);
  }

  /** Rooms take turns, so that their heartbeats do not come all at one moment and hold up what is live. */
  #sayPresenceInTurn(): void {
    this.#turn = (this.#turn + 1) % PRESENCE_TURNS;
    let place = 0;
    for (const { room } of this.#rooms.values()) {
      if (place++ % PRESENCE_TURNS === this.#turn) void this.#sayPresence(room);
    }
  }
  #turn = 0;

  async #sayPresence(room: Room): Promise<void> {
    try {
      room.viewers = await this.#deps.log.presence(room.id, this.#pod, room.counted);
    } catch (error) {
      this.#deps.logger.debug('presence_failed', { roomId: room.id, error });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#beat);
    for (const timer of this.#presenceDue.values()) clearTimeout(timer);
    await Promise.allSettled([...this.#rooms.keys()].map((id) => this.#deps.log.presence(id, this.#pod, 0)));
  }
}
