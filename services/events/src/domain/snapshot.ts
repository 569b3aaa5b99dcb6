import type { Snapshot, TipEntry } from '@nightjar/contracts/ws-protocol';
import { GOAL_REACHED_FIELD } from './from-rooms.ts';
import { STATE_FIELD_PREFIX, TIP_FIELD_PREFIX } from './log-entry.ts';

/** Entries that the snapshot has as they are, by field. */
const ENTRIES = ['show', 'menu', 'room', 'keeper'] as const;

/** The snapshot as the client gets it, from the fields that the log keeps. */
export function toSnapshot(fields: ReadonlyMap<string, string>): Snapshot {
  const tips: (TipEntry & { at: string })[] = [];
  for (const [field, value] of fields) {
    if (!field.startsWith(TIP_FIELD_PREFIX)) continue;
    const state = fields.get(`${STATE_FIELD_PREFIX}${field.slice(TIP_FIELD_PREFIX.length)}`);
    tips.push({ ...JSON.parse(value), ...(state ? { state } : {}) });
  }
  tips.sort((a, b) => a.at.localeCompare(b.at));
  const entries: Record<string, unknown> = {};
  for (const field of ENTRIES) {
    const value = fields.get(field);
    if (value) entries[field] = JSON.parse(value);
  }
  const goal = fields.get('goal');
  if (goal) entries.goal = { ...JSON.parse(goal), reached: fields.get(GOAL_REACHED_FIELD) ?? '0' };
  return { ...entries, tips };
}
