/** The judges of studio-stops, with something to find. */
import { expect, test } from '@jest/globals';
import { DeviceWatch } from './device-watch.ts';
import { PermitWatch } from './permit-watch.ts';

test('a command that moves the device before and after an effect is counted, a stop is not', () => {
  const levels: { atMono: number; level: number }[] = [];
  const watch = new DeviceWatch({ levels });
  const moved = (level: number, laterMs = 0) => levels.push({ atMono: performance.now() + laterMs, level });
  moved(3);
  expect(watch.movedOutside).toBe(1);
  watch.mayMove();
  moved(4);
  moved(5, 500);
  expect(watch.movedOutside).toBe(1);
  watch.mustRest(performance.now() + 100);
  expect(watch.movedOutside).toBe(2);
  // What was to rest stays so, whatever is said later.
  watch.mustRest(performance.now() + 1_000);
  moved(0, 200);
  expect(watch.movedOutside).toBe(2);
});

test('a permit that comes after the one before ran out is counted', () => {
  const watch = new PermitWatch();
  const frame = (timestamp: number, message: object) => ({
    timestamp,
    response: { payloadData: JSON.stringify(message) },
  });
  const permit = (n: number, askedAt: number, answeredAt: number) => {
    watch.sent(frame(askedAt, { t: 'permit', n }));
    watch.received(frame(answeredAt, { t: 'permit', n, forMs: 600, serverMs: 0 }));
  };
  permit(1, 10, 10.1);
  permit(2, 10.2, 10.59);
  permit(3, 10.4, 10.79);
  expect([watch.answers, watch.lapses]).toEqual([3, 0]);
  permit(4, 10.6, 11.01);
  expect([watch.answers, watch.lapses]).toEqual([4, 1]);
  watch.sent(frame(11.1, { t: 'permit', n: 5 }));
  watch.received(frame(11.12, { t: 'refused', n: 5, code: 'going', serverMs: 0 }));
  permit(6, 11.2, 11.21);
  expect([watch.answers, watch.lapses]).toEqual([5, 2]);
});
