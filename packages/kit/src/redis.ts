import { Redis } from 'ioredis';
import type { Log } from './log.ts';

const COMMAND_MS_MAX = 1_000;
const CONNECT_MS_MAX = 1_000;
const RECONNECT_MS_MAX = 500;

/**
 * A connection for the life of the process. Commands fail soon when Redis is away, instead of queueing: whoever asks has
 * a deadline, and a permit that comes late is worse than none.
 */
export function connectRedis(url: string, name: string, log: Log, commandMsMax = COMMAND_MS_MAX): Redis {
  const redis = new Redis(url, {
    connectionName: name,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: commandMsMax,
    connectTimeout: CONNECT_MS_MAX,
    retryStrategy: (attempt) => Math.min(attempt * 50, RECONNECT_MS_MAX),
  });
  redis.on('error', (error) => log.warn('redis_connection_lost', { error }));
  return redis;
}

/** A connection that subscribes: it keeps no command limits, and takes its subscriptions up again by itself. */
export function connectRedisSubscriber(url: string, name: string, log: Log): Redis {
  const redis = new Redis(url, {
    connectionName: name,
    autoResubscribe: true,
    maxRetriesPerRequest: null,
    connectTimeout: CONNECT_MS_MAX,
    retryStrategy: (attempt) => Math.min(attempt * 50, RECONNECT_MS_MAX),
  });
  redis.on('error', (error) => log.warn('redis_connection_lost', { error }));
  return redis;
}
