import { expect, test } from '@jest/globals';
import { captureFault, captureWords } from './capture-trouble.ts';

test.each([
  ['NotAllowedError', 'refused'],
  ['NotFoundError', 'missing'],
  ['NotReadableError', 'in_use'],
  ['OverconstrainedError', 'not_fitting'],
  ['TypeError', 'unknown'],
] as const)('%s is %s, and each has words and a way out of its own', (name, fault) => {
  expect(captureFault(new DOMException('x', name))).toBe(fault);
  const camera = captureWords({ kind: 'camera', fault });
  const microphone = captureWords({ kind: 'microphone', fault });
  expect(camera.title).not.toBe(microphone.title);
  expect(camera.title).toMatch(/\.$/);
  expect(microphone.wayOut).toMatch(/\.$/);
});
