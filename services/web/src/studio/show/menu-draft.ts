import type { Effect } from '@nightjar/contracts/effect';
import type { MenuItem } from '@nightjar/contracts/ws-protocol';
import { ITEM_NAME_CHARACTERS_MAX, MENU_ITEMS_MAX, PRICE_MAX } from '../limits.ts';
import { draftOfEffect, type EffectDraft, effectOf } from './effect-presets.ts';

export interface ItemDraft {
  readonly itemId: string;
  readonly name: string;
  /** As it was typed. */
  readonly price: string;
  /** `kept`: an effect that the presets do not know stays as it is. */
  readonly effect:
    | { readonly is: 'none' }
    | ({ readonly is: 'preset' } & EffectDraft)
    | { readonly is: 'kept'; readonly effect: Effect };
}

export interface ItemFaults {
  readonly name?: string;
  readonly price?: string;
}

export function draftsOf(items: readonly MenuItem[]): ItemDraft[] {
  return items.map(({ itemId, name, price, effect }) => ({
    itemId,
    name,
    price,
    effect: effectDraft(effect),
  }));
}

function effectDraft(effect: Effect | undefined): ItemDraft['effect'] {
  if (!effect) return { is: 'none' };
  const draft = draftOfEffect(effect);
  return draft ? { is: 'preset', ...draft } : { is: 'kept', effect };
}

export function itemsOf(drafts: readonly ItemDraft[]): MenuItem[] {
  return drafts.map(({ itemId, name, price, effect }) => ({
    itemId,
    name: name.trim(),
    price: `${BigInt(price.trim())}`,
    ...(effect.is === 'none' ? {} : { effect: effect.is === 'kept' ? effect.effect : effectOf(effect) }),
  }));
}

/** What a drawing of it shows; undefined when it moves nothing. */
export function shownEffect({ effect }: ItemDraft): Effect | undefined {
  if (effect.is === 'none') return undefined;
  return effect.is === 'kept' ? effect.effect : effectOf(effect);
}

export function itemFaults({ name, price }: Pick<ItemDraft, 'name' | 'price'>): ItemFaults {
  const typed = price.trim();
  const amount = /^\d{1,12}$/.test(typed) ? BigInt(typed) : 0n;
  return {
    ...(name.trim() === ''
      ? { name: 'Give it a name that viewers understand.' }
      : name.trim().length > ITEM_NAME_CHARACTERS_MAX
        ? { name: `Keep it under ${ITEM_NAME_CHARACTERS_MAX + 1} characters.` }
        : {}),
    ...(amount < 1n || amount > PRICE_MAX
      ? { price: `A whole number of tokens, 1 to ${PRICE_MAX.toLocaleString('en')}.` }
      : {}),
  };
}

export function menuFaults(drafts: readonly ItemDraft[]): ReadonlyMap<string, ItemFaults> {
  const faults = drafts.map((draft) => [draft.itemId, itemFaults(draft)] as const);
  return new Map(faults.filter(([, { name, price }]) => name !== undefined || price !== undefined));
}

export function isFull(drafts: readonly ItemDraft[]): boolean {
  return drafts.length >= MENU_ITEMS_MAX;
}

/** A new item: something that works as it stands. */
export function withNewItem(drafts: readonly ItemDraft[], withEffect: boolean): ItemDraft[] {
  const effect = withEffect
    ? ({ is: 'preset', preset: 'steady', seconds: 3, level: 0.6 } as const)
    : ({ is: 'none' } as const);
  return [...drafts, { itemId: newId(drafts), name: '', price: withEffect ? '25' : '10', effect }];
}

/** The first free of item-1, item-2 …: an id is how a viewer's tip names what it asks for, so it is never used for another. */
function newId(drafts: readonly ItemDraft[]): string {
  const highest = drafts.map(({ itemId }) => Number(/^item-(\d{1,6})$/.exec(itemId)?.[1] ?? 0));
  return `item-${Math.max(0, ...highest) + 1}`;
}

export function moved(drafts: readonly ItemDraft[], from: number, by: -1 | 1): ItemDraft[] {
  const item = drafts[from];
  const to = from + by;
  if (!item || to < 0 || to >= drafts.length) return [...drafts];
  return drafts.toSpliced(from, 1).toSpliced(to, 0, item);
}

/** A menu to begin with, for somebody who has none: each shape once. */
export const STARTER: readonly ItemDraft[] = [
  {
    itemId: 'item-1',
    name: 'A little buzz',
    price: '25',
    effect: { is: 'preset', preset: 'steady', seconds: 3, level: 0.5 },
  },
  {
    itemId: 'item-2',
    name: 'Slow wave',
    price: '60',
    effect: { is: 'preset', preset: 'wave', seconds: 8, level: 0.8 },
  },
  {
    itemId: 'item-3',
    name: 'Heartbeat',
    price: '40',
    effect: { is: 'preset', preset: 'pulse', seconds: 6, level: 0.8 },
  },
  {
    itemId: 'item-4',
    name: 'Long climb',
    price: '120',
    effect: { is: 'preset', preset: 'climb', seconds: 15, level: 1 },
  },
  { itemId: 'item-5', name: 'Just applause', price: '10', effect: { is: 'none' } },
];
