import { nameOf } from '../lib/names.ts';
import type { Line } from './room-log.ts';

/** What is new in the log, in one sentence; empty where nothing is. One line is read out, several are counted. */
export function summaryOf(before: readonly Line[], after: readonly Line[]): string {
  const known = new Set(before.map(({ id }) => id));
  const fresh = after.filter((line) => !known.has(line.id) && !('mine' in line && line.mine));
  const chats = fresh.filter((line) => line.is === 'chat');
  const tips = fresh.filter((line) => line.is === 'tip');
  const [only] = chats;
  if (only && chats.length === 1 && tips.length === 0) return `${nameOf(only.from)}: ${only.text}`;
  const parts = [counted(chats.length, 'new line', 'new lines'), counted(tips.length, 'tip', 'tips')];
  return parts.filter(Boolean).join(', ');
}

function counted(count: number, one: string, many: string): string {
  if (count === 0) return '';
  return count === 1 ? `1 ${one}` : `${count} ${many}`;
}
