import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { type ChatVectors, readChatVectors } from '../vectors/check-chat.ts';

// What other clients conform to: if this fails, the format changed. tests/chat reads the same in a browser.

test('the chat’s vectors are read as they were written', async () => {
  const text = readFileSync(new URL('../vectors/chat.json', import.meta.url), 'utf8');
  const { found, wanted } = await readChatVectors(JSON.parse(text) as ChatVectors);
  expect(found).toEqual(wanted);
});
