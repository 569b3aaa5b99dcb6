import { expect, test } from '@jest/globals';
import { POSTGRES_SETTINGS, readFor, SECRETS_SETTINGS } from './config.ts';

const GOOD = {
  NIGHTJAR_SECRETS_STORE: 'kubernetes',
  NIGHTJAR_SECRETS_PREFIX: 'nightjar',
  NIGHTJAR_POSTGRES_SERVER: 'postgres://db.example:5432/nightjar?sslmode=require',
  NIGHTJAR_NATS_SERVER: 'tls://nats.example:4222',
};

test('one environment serves every command, and an unknown setting stops each', () => {
  expect(readFor(SECRETS_SETTINGS, GOOD)).toMatchObject({ store: 'kubernetes', labels: {}, redisServer: '' });
  expect(readFor(POSTGRES_SETTINGS, GOOD)).toMatchObject({ setupFolder: '/run/secrets/nightjar' });
  for (const settings of [SECRETS_SETTINGS, POSTGRES_SETTINGS])
    expect(() => readFor(settings, { ...GOOD, NIGHTJAR_SECRETS_PERFIX: 'x' })).toThrow(
      'NIGHTJAR_SECRETS_PERFIX: no such setting',
    );
});

test.each([
  ['NIGHTJAR_SECRETS_STORE', 'secrets', 'kubernetes, or the whole path'],
  ['NIGHTJAR_SECRETS_PREFIX', 'Nightjar_1', 'small letters'],
  ['NIGHTJAR_SECRETS_LABELS', '{"a":1}', 'values are texts'],
  ['NIGHTJAR_SECRETS_LABELS', 'nightjar', 'a JSON object'],
  ['NIGHTJAR_POSTGRES_SERVER', 'postgres://db.example', 'must name a database'],
  ['NIGHTJAR_POSTGRES_SERVER', 'postgres://me:hush@db.example/x', 'no user and no password'],
  ['NIGHTJAR_NATS_SERVER', 'http://nats.example', 'must be nats://… or tls://…'],
  ['NIGHTJAR_REDIS_SERVER', 'cache.example:6379', 'must be redis://… or rediss://…'],
])('%s=%s is refused in words, without the value', (name, value, words) => {
  const read = () => readFor(SECRETS_SETTINGS, { ...GOOD, [name]: value });
  expect(read).toThrow(words);
  expect(read).not.toThrow('hush');
});
