import type { MenuEntry, ShowEntry, Snapshot, TipEntry } from '@nightjar/contracts/ws-protocol';
import { STATE_FIELD_PREFIX, TIP_FIELD_PREFIX } from './log-entry.ts';

/** The snapshot as the client gets it, from the fields that the log keeps. */
export function toSnapshot(fields: ReadonlyMap<string, string>): Snapshot {
  const tips: (TipEntry & { at: string })[] = [];
  for (const [field, value] of fields) {
    if (!field.startsWith(TIP_FIELD_PREFIX)) continue;
    const state = fields.get(`${STATE_FIELD_PREFIX}${field.slice(TIP_FIELD_PREFIX.length)}`);
    tips.push({ ...JSON.parse(value), ...(state ? { state } : {}) });
  }
  tips.sort((a, b) => a.at.localeCompare(b.at));
  const show = fields.get('show');
  const menu = fields.get('menu');
  return {
    ...(show ? { show: JSON.parse(show) as ShowEntry } : {}),
    ...(menu ? { menu: JSON.parse(menu) as MenuEntry } : {}),
    tips,
  };
}
