import { expect, test } from '@jest/globals';
import { proxies } from './images.ts';

test('passes the ways out of this machine to a build by name alone, so that no password is among the arguments', () => {
  const env = { HTTPS_PROXY: 'http://user:secret@proxy:3128', no_proxy: 'localhost', HTTP_PROXY: '' };
  expect(proxies(env)).toEqual(['--build-arg', 'HTTPS_PROXY', '--build-arg', 'no_proxy']);
});
