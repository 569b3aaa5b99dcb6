import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { silentLog } from '@nightjar/kit/log';
import { connectNats } from '@nightjar/kit/nats';
import { Redis } from 'ioredis';
import pg from 'pg';
import type { Platform } from '../../scripts/lib/platform.ts';

/** A place on the server where a text was found, and which text. */
export interface Finding {
  readonly where: string;
  readonly what: string;
}

/**
 * Listens to the whole bus from now on, and looks through every store when it is asked: PostgreSQL's tables of all
 * schemas, Redis' keys, JetStream's streams, and what services and servers have written to their logs.
 */
export class ServerSearch implements AsyncDisposable {
  readonly #platform: Platform;
  readonly #nats: NatsConnection;
  readonly #heard: Buffer[] = [];

  private constructor(platform: Platform, nats: NatsConnection) {
    this.#platform = platform;
    this.#nats = nats;
    nats.subscribe('>', {
      callback: (_, message) => {
        this.#heard.push(Buffer.from(`${message.subject} `), Buffer.from(message.data));
      },
    });
  }

  static async start(platform: Platform): Promise<ServerSearch> {
    const nats = await connectNats(platform.servers.nats.url, 'test', silentLog);
    const search = new ServerSearch(platform, nats);
    await nats.flush();
    return search;
  }

  /** Where any of these texts is, as it is or in the ways in which bytes are written down. */
  async find(texts: readonly string[]): Promise<Finding[]> {
    const findings: Finding[] = [];
    const look = (where: string, held: Buffer | string): void => {
      const bytes = typeof held === 'string' ? Buffer.from(held) : held;
      for (const what of texts)
        if (writings(what).some((writing) => bytes.includes(writing))) findings.push({ where, what });
    };
    look('the bus', Buffer.concat(this.#heard));
    for (const [where, held] of await this.#streams()) look(where, held);
    for (const [where, held] of await this.#tables()) look(where, held);
    for (const [where, held] of await this.#keys()) look(where, held);
    for (const [where, held] of await this.#logs()) look(where, held);
    return findings;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#nats.close();
  }

  async #streams(): Promise<[string, Buffer][]> {
    const manager = await jetstreamManager(this.#nats);
    const held: [string, Buffer][] = [];
    for await (const { config, state } of manager.streams.list()) {
      for (let seq = state.first_seq; seq <= state.last_seq && seq > 0; seq++) {
        const message = await manager.streams.getMessage(config.name, { seq }).catch(() => null);
        if (message) held.push([`stream ${config.name}`, Buffer.from(message.data)]);
      }
    }
    return held;
  }

  async #tables(): Promise<[string, string][]> {
    const url = new URL(this.#platform.servers.postgres.url);
    url.pathname = '/nightjar';
    const client = new pg.Client({ connectionString: url.href });
    await client.connect();
    try {
      const { rows: tables } = await client.query<{ name: string }>(
        `select format('%I.%I', schemaname, tablename) as name from pg_tables
         where schemaname not in ('pg_catalog', 'information_schema')`,
      );
      const held: [string, string][] = [];
      for (const { name } of tables) {
        const { rows } = await client.query<{ row: string }>(`select t::text as row from ${name} t`);
        held.push([`table ${name}`, rows.map(({ row }) => row).join('\n')]);
      }
      return held;
    } finally {
      await client.end();
    }
  }

  async #keys(): Promise<[string, Buffer][]> {
    const redis = new Redis(this.#platform.servers.redis.url);
    try {
      const held: [string, Buffer][] = [];
      for (const key of await redis.keys('*'))
        held.push([`Redis ${key.split(':')[0]}`, await contentOf(redis, key)]);
      return held;
    } finally {
      redis.disconnect();
    }
  }

  async #logs(): Promise<[string, Buffer][]> {
    const { root } = this.#platform.state;
    const files = await readdir(root, { recursive: true, withFileTypes: true });
    const logs = files.filter((file) => file.isFile() && file.name.endsWith('.log'));
    return Promise.all(
      logs.map(
        async ({ name, parentPath }): Promise<[string, Buffer]> => [
          name,
          await readFile(path.join(parentPath, name)),
        ],
      ),
    );
  }
}

async function contentOf(redis: Redis, key: string): Promise<Buffer> {
  const lists: Readonly<Record<string, () => Promise<unknown>>> = {
    string: () => redis.getBuffer(key),
    hash: () => redis.hgetallBuffer(key),
    list: () => redis.lrangeBuffer(key, 0, -1),
    set: () => redis.smembersBuffer(key),
    zset: () => redis.zrangeBuffer(key, '0', '-1'),
    stream: () => redis.xrangeBuffer(key, '-', '+'),
  };
  const type = await redis.type(key);
  const read = lists[type];
  if (!read) throw new Error(`Redis has a kind of value that is not looked into: ${type}`);
  return Buffer.concat([Buffer.from(`${key} `), ...flat(await read())]);
}

function flat(value: unknown): Buffer[] {
  if (Buffer.isBuffer(value)) return [value];
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).flatMap(([k, v]) => [Buffer.from(k), ...flat(v)]);
  return [Buffer.from(String(value))];
}

/** A text in UTF-8, in hexadecimal, and in base64 at each of the three places where it may begin. */
function writings(text: string): Buffer[] {
  const bytes = Buffer.from(text);
  const base64 = [0, 1, 2].flatMap((shift) => {
    const encoded = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64');
    // What depends on the neighbours is cut off at both ends.
    const inner = encoded.slice(shift === 0 ? 0 : 4, Math.floor(((shift + bytes.length) * 4) / 3) - 3);
    return [inner, inner.replaceAll('+', '-').replaceAll('/', '_')];
  });
  return [bytes, Buffer.from(bytes.toString('hex')), ...base64.map((part) => Buffer.from(part))];
}
