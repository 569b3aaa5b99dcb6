import { expect, jest, test } from '@jest/globals';
import { dispatch } from './programs.ts';

function captured(stream: 'stdout' | 'stderr'): { text: string } {
  const said = { text: '' };
  jest.spyOn(process[stream], 'write').mockImplementation((text) => {
    said.text += String(text);
    return true;
  });
  return said;
}

test('without a name it says how to ask', async () => {
  const out = captured('stdout');
  expect(await dispatch('bench', [])).toBe(2);
  expect(out.text).toContain('scripts/bench NAME');
});

test('a name that is none is refused with those that are', async () => {
  const err = captured('stderr');
  expect(await dispatch('verify', ['no-such-thing'])).toBe(2);
  expect(err.text).toContain('no verify is named no-such-thing; there are: ');
});
