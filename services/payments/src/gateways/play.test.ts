import { expect, test } from '@jest/globals';
import { playGateway } from './play.ts';

const purchase = { purchaseId: 'purchase_1', amount: 12n };

test('play money is paid at once, and the same purchase again is the same event', async () => {
  const play = playGateway(Buffer.alloc(32, 1));
  const event = await play.begin(purchase);
  if (!event) throw new Error('not paid');
  expect(play.read(event)).toEqual({ eventId: 'play-purchase_1', kind: 'paid', ...purchase });
  expect(await play.begin(purchase)).toEqual(event);
});

test('an event that somebody else made, or bent, is not its word', async () => {
  const play = playGateway(Buffer.alloc(32, 1));
  const foreign = await playGateway(Buffer.alloc(32, 2)).begin(purchase);
  const own = await play.begin(purchase);
  if (!foreign || !own) throw new Error('not paid');
  expect(play.read(foreign)).toBeUndefined();
  const bent = Buffer.from(Buffer.from(own.bytes).toString().replace('12', '99'));
  expect(play.read({ ...own, bytes: bent })).toBeUndefined();
  for (const text of ['', '{}', 'null', '[]'])
    expect(play.read({ ...own, bytes: Buffer.from(text) })).toBeUndefined();
});
