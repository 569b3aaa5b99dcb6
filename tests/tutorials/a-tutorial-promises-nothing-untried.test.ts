import { expect, test } from '@jest/globals';
import { readSteps } from './steps.ts';

test('steps are read from numbered items, in their order, over lines and blocks', () => {
  const steps = readSteps(`Press **nothing**: this is no item.

1. Open \`http://127.0.0.1:7800/\`. Press
   **Short buzz**, and you see **ran**.
2. Run it, and leave it running:

   \`\`\`sh
   echo one
     echo two
   \`\`\`

   The bot prints \`two\`.

Afterwards you see **nothing** again.
`);
  expect(steps).toEqual([
    { do: 'open', url: 'http://127.0.0.1:7800/' },
    { do: 'press', name: 'Short buzz' },
    { do: 'see', text: 'ran' },
    { do: 'run', script: 'echo one\n  echo two\n', stays: true },
    { do: 'prints', who: 'bot', text: 'two' },
  ]);
});

test('what stands in bold and belongs to no step is a fault', () => {
  expect(() => readSteps('1. Press **Go live**, and **You are live** appears.')).toThrow('You are live');
});
