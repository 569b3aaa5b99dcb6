import { expect, test } from '@jest/globals';
import { freePort } from './ports.ts';

test('ports that are found together are different ones, though nobody listens there yet', async () => {
  const ports = await Promise.all(Array.from({ length: 100 }, () => freePort()));
  expect(new Set(ports).size).toBe(100);
});
