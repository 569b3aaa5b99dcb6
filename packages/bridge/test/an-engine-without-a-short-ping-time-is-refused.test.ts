import { expect, test } from '@jest/globals';
import { startIntiface } from '@nightjar/testkit/servers/intiface';
import { DriverRefusal } from '../src/device-problems.ts';
import { intifaceDriver } from '../src/drivers/intiface.ts';

test.each([0, 501])(
  'max ping time %d: the driver does not open, and says what to set',
  async (maxPingTimeMs) => {
    await using engine = await startIntiface({ maxPingTimeMs });
    const opened = intifaceDriver({ url: engine.url }).open({ down: () => {} }, new AbortController().signal);
    const refusal = await opened.catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(DriverRefusal);
    expect(String(refusal)).toContain('set it to 1 to 500 ms');
  },
  60_000,
);
