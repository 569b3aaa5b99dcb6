import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { toConfig } from './config.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'nightjar-config-'));
const file = path.join(folder, 'key');
beforeAll(() => writeFileSync(file, 'edge-1 key\n'));
afterAll(() => rmSync(folder, { recursive: true }));

const env = {
  NIGHTJAR_HTTP_LISTEN: '127.0.0.1:7800',
  NIGHTJAR_INTERNAL_LISTEN: '127.0.0.1:7810',
  NIGHTJAR_EDGE_KEY_FILE: file,
  NIGHTJAR_FENCE_PUBLIC_KEYS_FILE: file,
  NIGHTJAR_AUTH_URL: 'http://a',
  NIGHTJAR_ROOMS_URL: 'http://r',
  NIGHTJAR_PAYMENTS_URL: 'http://p',
  NIGHTJAR_EVENTS_URL: 'http://e',
  NIGHTJAR_GEOFENCE_URL: 'http://g',
  NIGHTJAR_LIVEKIT_URL: 'http://l',
  NIGHTJAR_WEB_URL: 'http://w',
};

test('by itself there is no test door, no question of age, and play money', () => {
  expect(toConfig(env)).toMatchObject({
    testListen: undefined,
    ageConfirmation: null,
    playMoney: true,
    publicOrigin: '',
    edgeKey: 'edge-1 key',
  });
});

test.each([
  ['NIGHTJAR_AGE_CONFIRMATION', 'yes'],
  ['NIGHTJAR_AGE_CONFIRMATION', '0'],
  ['NIGHTJAR_PLAY_MONEY', '1'],
  ['NIGHTJAR_PUBLIC_ORIGIN', 'live.example'],
  ['NIGHTJAR_PUBLIC_ORIGIN', 'https://live.example/path'],
  ['NIGHTJAR_EDGE_TEST_LISTEN', 'everywhere'],
  ['NIGHTJAR_WEB_URL', 'pages'],
  ['NIGHTJAR_PAGES_FOLDER', '/pages'],
  ['NIGHTJAR_NATS_URL', 'nats://n'],
])('%s=%s is refused', (name, value) => {
  expect(() => toConfig({ ...env, [name]: value })).toThrow(name);
});
