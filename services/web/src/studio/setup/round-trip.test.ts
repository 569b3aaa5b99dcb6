import { expect, test } from '@jest/globals';
import { roundTripResult } from './round-trip.ts';

test('the server’s distance is the middle of the round trips, without the one that opened the connection', () => {
  expect(roundTripResult([900, 20, 31, 24, 400])).toEqual({
    is: 'good',
    text: 'The server answers in 31 ms.',
  });
  expect(roundTripResult([900, 700, 800, 650])).toMatchObject({ is: 'good', wayOut: expect.any(String) });
});
