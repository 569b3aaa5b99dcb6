import { expect, test } from '@jest/globals';
import { pathWithin, routeOf } from './routes.ts';

const plain = {
  button: 0,
  defaultPrevented: false,
  altKey: false,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
};
const link = (href: string, rest = {}) => ({ href, target: '', download: '', ...rest });
const here = 'https://nightjar.test/wallet';

test('three addresses have a page, a slash at the end changes nothing, anything else is not found', () => {
  expect(['/', '/wallet', '/wallet/', '/me'].map(routeOf)).toEqual(['directory', 'wallet', 'wallet', 'me']);
  expect(['/r/demo-abc', '/studio', '/wallet/x', '//', ''].map(routeOf)).toEqual([
    'unknown',
    'unknown',
    'unknown',
    'directory',
    'unknown',
  ]);
});

test('a plain press on a link to one of them stays within the page', () => {
  expect(pathWithin(plain, link('/me'), here)).toBe('/me');
  expect(pathWithin(plain, link('https://nightjar.test/'), here)).toBe('/');
});

test('the browser sees to everything else', () => {
  for (const [press, to] of [
    [{ ...plain, ctrlKey: true }, link('/me')],
    [{ ...plain, button: 1 }, link('/me')],
    [{ ...plain, defaultPrevented: true }, link('/me')],
    [plain, link('/me', { target: '_blank' })],
    [plain, link('/me', { download: 'me' })],
    [plain, link('/me#backup')],
    [plain, link('/r/demo-abc')],
    [plain, link('https://elsewhere.test/me')],
  ] as const)
    expect(pathWithin(press, to, here)).toBeUndefined();
});
