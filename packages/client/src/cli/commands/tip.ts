import type { MenuItem } from '@nightjar/contracts/ws-protocol';
import { ProblemError } from '../../problem-error.ts';
import type { Room } from '../../rooms.ts';
import { sendTip, type Tip, type TipRequest } from '../../send-tip.ts';
import type { TipStage } from '../../tip-life.ts';
import { readAmount } from '../arguments.ts';
import { tokens } from '../printer.ts';
import { UsageError } from '../usage.ts';
import { comeIn, findRoom, type Viewer } from '../viewer.ts';
import { balance } from './money.ts';

/** What is bought at once when the wallet has too little. */
const TOP_UP_TOKENS = 500n;

/** @returns the exit code */
export async function tip(viewer: Viewer, words: readonly string[]): Promise<number> {
  const { options, out, wallet } = viewer;
  const { room, wish } = await whatIsMeant(viewer, words);
  const { item, amount } = wish;
  const price = item ? BigInt(item.price) : amount;
  await Promise.all([wallet.prepare(), options.buy && topUp(viewer, price)]);
  using connection = viewer.join(room, 'viewer');
  await comeIn(viewer, connection);
  const request: TipRequest = {
    ...(item ? { itemId: item.itemId } : { amount }),
    ...(options.id === undefined ? {} : { tipId: options.id }),
  };
  const sent = sendTip({ connection, wallet }, request);
  const { roomId, slug } = room;
  out.say(`“${room.title}” (${slug})`, { tipId: sent.tipId, trace: sent.trace, amount: price, roomId, slug });
  const last = await follow(viewer, sent, item);
  if (last.stage === 'failed') return 1;
  await balance(viewer);
  return last.stage === 'expired' || last.stage === 'refused' ? 3 : 0;
}

async function follow({ options, out }: Viewer, sent: Tip, item: MenuItem | undefined): Promise<TipStage> {
  let last: TipStage = { stage: 'sending', atMs: 0 };
  for await (const stage of sent) {
    last = stage;
    const { atMs, ...rest } = stage;
    const time = `${Math.round(atMs)} ms`.padStart(9);
    out.say(`${time}  ${inWords(stage, sent.amount, item)}`, { atMs: Math.round(atMs * 10) / 10, ...rest });
    if (!options.wait && stage.stage !== 'sending') break;
  }
  return last;
}

function inWords(stage: TipStage, amount: bigint, item: MenuItem | undefined): string {
  switch (stage.stage) {
    case 'sending':
      return `sending ${amount}${item ? ` for “${item.name}”` : ''}`;
    case 'held':
      return `held ${amount}, until it is known what ran`;
    case 'failed':
      return `failed: ${stage.title} (${stage.code})`;
    case 'ran':
    case 'paid':
    case 'partly':
    case 'expired':
    case 'refused': {
      const back = stage.returned > 0n ? `, ${tokens(stage.returned)} back` : '';
      const ran = stage.stage === 'partly' ? ` after ${stage.ranMs} ms` : '';
      return `${stage.stage}${ran}: ${tokens(stage.settled)} to the room${back}`;
    }
    default:
      return stage.stage;
  }
}

async function topUp({ out, wallet }: Viewer, price: bigint): Promise<void> {
  const { available } = await wallet.balance();
  if (available >= price) return;
  const missing = price - available;
  const { amount } = await wallet.buy(missing > TOP_UP_TOKENS ? missing : TOP_UP_TOKENS);
  out.say(`the wallet had ${tokens(available)}: bought ${tokens(amount)} with play money`, {
    bought: amount,
  });
}

interface Wish {
  readonly item?: MenuItem;
  readonly amount: bigint;
}

/** `tip`, `tip AMOUNT`, `tip ITEM`, `tip ROOM`, `tip ROOM ITEM`: one word is first looked for on the live room's menu. */
async function whatIsMeant(viewer: Viewer, words: readonly string[]): Promise<{ room: Room; wish: Wish }> {
  const [first, second] = words;
  if (second !== undefined) {
    const room = await findRoom(viewer, first);
    return { room, wish: wishIn(room, second) };
  }
  const live = first?.startsWith('room_') ? undefined : await liveRoom(viewer, first);
  if (live && first === undefined) return { room: live, wish: firstEffect(live) };
  const wish = live && first !== undefined ? wishFor(live, first) : undefined;
  if (live && wish) return { room: live, wish };
  const room = await findRoom(viewer, first).catch((error) => {
    // The word was no room either: what is on the menu helps more than that.
    throw live && first !== undefined ? notOnMenu(live, first) : error;
  });
  return { room, wish: firstEffect(room) };
}

/** Only where one word may yet be a room can there be none that is live. */
async function liveRoom(viewer: Viewer, word: string | undefined): Promise<Room | undefined> {
  try {
    return await findRoom(viewer);
  } catch (error) {
    if (word === undefined || !(error instanceof ProblemError) || error.code !== 'no_live_room') throw error;
    return undefined;
  }
}

function wishFor(room: Room, word: string): Wish | undefined {
  if (/^[0-9]+$/.test(word)) return { amount: readAmount(word) };
  const { items } = room.menu;
  const begins = items.filter(({ name }) => name.toLowerCase().startsWith(word.toLowerCase()));
  const item = items.find(({ itemId }) => itemId === word) ?? (begins.length === 1 ? begins[0] : undefined);
  return item && { item, amount: BigInt(item.price) };
}

function wishIn(room: Room, word: string): Wish {
  const wish = wishFor(room, word);
  if (!wish) throw notOnMenu(room, word);
  return wish;
}

function notOnMenu({ menu, title }: Room, word: string): UsageError {
  const known = menu.items.map(({ itemId }) => itemId).join(', ') || 'nothing';
  return new UsageError(`the menu of “${title}” has no '${word}'; it has: ${known}`);
}

function firstEffect(room: Room): Wish {
  const item = room.menu.items.find(({ effect }) => effect) ?? room.menu.items[0];
  if (!item) throw new UsageError(`“${room.title}” has no menu: name an amount`);
  return { item, amount: BigInt(item.price) };
}
