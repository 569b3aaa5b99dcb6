import { expect, test } from '@jest/globals';
import { checkCanHaveNode } from './node.ts';

const root = 0;
const temporary = { folder: '/tmp', variable: 'TMPDIR' };

test('who is not root is told that it takes root, and what does not', () => {
  expect(() => checkCanHaveNode([temporary], 1000)).toThrow(/takes root.*startControlPlane, takes no rights/);
  expect(() => checkCanHaveNode([temporary], root)).not.toThrow();
});

test('a folder that a cluster covers with one of its own is refused, with the setting that moves it', () => {
  const cache = { folder: '/run/user/0/cache', variable: 'NIGHTJAR_CACHE' };
  expect(() => checkCanHaveNode([temporary, cache], root)).toThrow(
    /^\/run\/user\/0\/cache is not seen.*NIGHTJAR_CACHE/,
  );
  expect(() => checkCanHaveNode([{ ...cache, folder: '/running' }], root)).not.toThrow();
});
