import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { ClientMessage } from '@nightjar/contracts/ws-protocol';
import { sendTip } from '../src/send-tip.ts';
import type { TipStage } from '../src/tip-life.ts';
import type { Wallet } from '../src/wallet.ts';
import { joinAsGuest, testWallet } from './support/join.ts';
import { ProtocolServer, until } from './support/protocol-server.ts';

const MENU = {
  kind: 'menu',
  version: 1,
  items: [{ itemId: 'buzz', name: 'Short buzz', price: '25' }],
} as const;

let server: ProtocolServer;
let room: ReturnType<typeof joinAsGuest>;
let wallet: Wallet;

beforeEach(async () => {
  server = await ProtocolServer.start();
  server.snapshot = { menu: MENU, tips: [] };
  room = joinAsGuest(server);
  wallet = await testWallet();
  await room.connection.live();
});
afterEach(async () => {
  room.connection.close();
  await server[Symbol.asyncDispose]();
});

function tipsHeard(): Extract<ClientMessage, { t: 'tip' }>[] {
  return server.heard.filter((message) => message.t === 'tip');
}

async function stagesOf(tip: AsyncIterable<TipStage>): Promise<string[]> {
  const stages: string[] = [];
  for await (const { stage } of tip) stages.push(stage);
  return stages;
}

test('the whole life of a tip, stage by stage', async () => {
  server.answer = (message, say) => {
    if (message.t !== 'tip') return;
    const { id: tipId } = message;
    say({ t: 'receipt', tipId, seq: '7', held: true });
    server.append({ kind: 'tip', tipId, from: 'pn_1', amount: '25', held: true });
    for (const state of ['queued', 'running']) server.append({ kind: 'progress', tipId, state });
    server.append({ kind: 'settled', tipId, result: 'ran', settled: '25', returned: '0', ranMs: 2_000 });
  };
  const tip = sendTip({ connection: room.connection, wallet }, { itemId: 'buzz' });
  expect(await stagesOf(tip)).toEqual(['sending', 'held', 'queued', 'running', 'ran']);
  expect(await tip.receipt).toMatchObject({ seq: '7', held: true });
  expect(await tip.end).toMatchObject({ stage: 'ran', settled: 25n, returned: 0n });
  expect(tipsHeard()[0]).toMatchObject({ amount: '25', itemId: 'buzz', trace: tip.trace });
  // However late somebody looks, the whole life is there.
  expect(await stagesOf(tip)).toHaveLength(5);
});

test('the network goes before the answer: the same tip goes again, and nothing shows it', async () => {
  let first = true;
  server.answer = (message, say) => {
    if (message.t !== 'tip') return;
    if (first) server.cut();
    else say({ t: 'receipt', tipId: message.id, seq: '1', held: false });
    first = false;
  };
  const tip = sendTip({ connection: room.connection, wallet }, { amount: 5n });
  expect(await tip.end).toMatchObject({ stage: 'paid', settled: 5n });
  expect(tipsHeard().map(({ id }) => id)).toEqual([tip.tipId, tip.tipId]);
});

test('a refusal that may pass is tried again under the same id; one that will not is the end', async () => {
  const codes = ['unavailable', 'too_many_tips', 'insufficient_tokens'];
  server.answer = (message, say) => {
    if (message.t !== 'tip') return;
    const code = codes.shift() ?? '';
    say({ t: 'error', re: message.id, code, message: 'No.', retry: code !== 'insufficient_tokens' });
  };
  const tip = sendTip({ connection: room.connection, wallet }, { amount: 5n });
  expect(await tip.end).toMatchObject({ stage: 'failed', code: 'insufficient_tokens' });
  await expect(tip.receipt).rejects.toMatchObject({ code: 'insufficient_tokens' });
  expect(new Set(tipsHeard().map(({ id }) => id)).size).toBe(1);
  expect(tipsHeard()).toHaveLength(3);
});

test('sealed to a key that is not used any more: sealed anew', async () => {
  let old = true;
  server.answer = (message, say) => {
    if (message.t !== 'tip') return;
    if (old)
      say({ t: 'error', re: message.id, code: 'tip_order_key_unknown', message: 'Old.', retry: false });
    else say({ t: 'receipt', tipId: message.id, seq: '1', held: false });
    old = false;
  };
  const tip = sendTip({ connection: room.connection, wallet }, { amount: 5n });
  expect(await tip.end).toMatchObject({ stage: 'paid' });
  const [first, second] = tipsHeard();
  expect(second?.order.bytes).not.toBe(first?.order.bytes);
});

test('an end that was missed with a lost log is asked of the ledger', async () => {
  wallet = await testWallet({
    state: 'settled',
    result: 'partly',
    settled: '10',
    returned: '15',
    ranMs: 800,
  });
  server.answer = (message, say) => {
    if (message.t === 'tip') say({ t: 'receipt', tipId: message.id, seq: '1', held: true });
  };
  const tip = sendTip({ connection: room.connection, wallet }, { itemId: 'buzz' });
  await tip.receipt;
  server.epoch = 'e2';
  server.log.length = 0;
  server.cut();
  expect(await tip.end).toMatchObject({ stage: 'partly', settled: 10n, returned: 15n });
});

test('leaving ends what follows a tip, and says that it may be asked for again', async () => {
  const tip = sendTip({ connection: room.connection, wallet }, { amount: 5n });
  await until('the tip was sent', () => tipsHeard().length === 1);
  room.connection.close();
  expect(await tip.end).toMatchObject({ stage: 'failed', code: 'left', retry: true });
  await expect(tip.receipt).rejects.toMatchObject({ code: 'closed' });
});

test('what is not on the menu is not sent', () => {
  expect(() => sendTip({ connection: room.connection, wallet }, { itemId: 'gone' })).toThrow(/no such item/);
});
