import { expect, test } from '@jest/globals';
import { endpointsAt } from '@nightjar/client/endpoints';
import { mediaUrl } from './media-url.ts';

const granted = 'wss://live.example';

test('behind one origin LiveKit is asked there', () => {
  expect(mediaUrl(endpointsAt('http://nightjar-edge'), granted)).toBe('ws://nightjar-edge');
  expect(mediaUrl(endpointsAt('https://live.example'), granted)).toBe(granted);
});

test('with an address for each service LiveKit is where the grant says', () => {
  expect(mediaUrl({ ...endpointsAt('http://127.0.0.1:1'), rooms: 'http://127.0.0.1:2' }, granted)).toBe(
    granted,
  );
});
