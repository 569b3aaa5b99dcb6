import { ChevronDown, ChevronUp, Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { Button, IconButton } from '../../components/Button.tsx';
import { EffectShape } from '../../components/EffectShape.tsx';
import { TextField } from '../../components/Field.tsx';
import { Notice } from '../../components/Notice.tsx';
import { Slider } from '../../components/Slider.tsx';
import editor from './Editor.module.css';
import { EFFECT_LEVELS, EFFECT_SECONDS, effectOf, PRESET_NAMES, PRESETS } from './effect-presets.ts';
import { type EditorProps, SaveState } from './FaceEditor.tsx';
import styles from './MenuEditor.module.css';
import {
  type ItemDraft,
  type ItemFaults,
  isFull,
  itemFaults,
  moved,
  shownEffect,
  withNewItem,
} from './menu-draft.ts';

export function MenuEditor({ state, hands }: EditorProps) {
  const [open, setOpen] = useState<string>();
  const { items, menu, menuTried, menuProblem } = state;
  const add = (withEffect: boolean): void => {
    const next = withNewItem(items, withEffect);
    hands.setItems(next);
    setOpen(next.at(-1)?.itemId);
  };
  return (
    <section className={editor.section} aria-labelledby="menu-heading">
      <div className={editor.head}>
        <h2 id="menu-heading">Tip menu</h2>
        <SaveState saved={menu} onSave={() => void hands.saveMenu()} />
      </div>
      {menuProblem ? <Notice kind="problem" title={menuProblem} /> : null}
      {items.length === 0 ? (
        <p className={editor.soft}>Nothing yet. Viewers can tip any amount all the same.</p>
      ) : null}
      <ol className={styles.items}>
        {items.map((item, i) => (
          <Item
            key={item.itemId}
            item={item}
            faults={menuTried ? itemFaults(item) : {}}
            open={open === item.itemId}
            first={i === 0}
            last={i === items.length - 1}
            onOpen={() => setOpen(open === item.itemId ? undefined : item.itemId)}
            onChange={(change) => hands.changeItem(item.itemId, change)}
            onMove={(by) => hands.setItems(moved(items, i, by))}
            onRemove={() => hands.setItems(items.filter(({ itemId }) => itemId !== item.itemId))}
          />
        ))}
      </ol>
      <div className={editor.row}>
        <Button icon={<Plus aria-hidden="true" />} disabled={isFull(items)} onClick={() => add(true)}>
          An effect
        </Button>
        <Button icon={<Plus aria-hidden="true" />} disabled={isFull(items)} onClick={() => add(false)}>
          Something without
        </Button>
      </div>
    </section>
  );
}

interface ItemProps {
  readonly item: ItemDraft;
  readonly faults: ItemFaults;
  readonly open: boolean;
  readonly first: boolean;
  readonly last: boolean;
  onOpen(): void;
  onChange(change: Partial<ItemDraft>): void;
  onMove(by: -1 | 1): void;
  onRemove(): void;
}

function Item({ item, faults, open, first, last, onOpen, onChange, onMove, onRemove }: ItemProps) {
  const name = item.name || 'New item';
  const effect = shownEffect(item);
  return (
    <li className={styles.item}>
      <div className={styles.line}>
        <div className={styles.fields}>
          <TextField
            label="Name"
            value={item.name}
            autoComplete="off"
            error={faults.name}
            onChange={(event) => onChange({ name: event.target.value })}
          />
          <TextField
            label="Price"
            unit="tokens"
            inputMode="numeric"
            value={item.price}
            autoComplete="off"
            error={faults.price}
            onChange={(event) => onChange({ price: event.target.value })}
          />
        </div>
        <div className={styles.tools}>
          <IconButton label={`Move ${name} up`} disabled={first} onClick={() => onMove(-1)}>
            <ChevronUp aria-hidden="true" />
          </IconButton>
          <IconButton label={`Move ${name} down`} disabled={last} onClick={() => onMove(1)}>
            <ChevronDown aria-hidden="true" />
          </IconButton>
          <IconButton label={`Take ${name} away`} onClick={onRemove}>
            <Trash2 aria-hidden="true" />
          </IconButton>
        </div>
      </div>
      {effect ? (
        <button type="button" className={styles.effect} aria-expanded={open} onClick={onOpen}>
          <EffectShape effect={effect} />
          <span>{effectWords(item)}</span>
          <ChevronDown aria-hidden="true" className={styles.turn} data-open={open || undefined} />
        </button>
      ) : (
        <p className={styles.none}>Moves nothing.</p>
      )}
      {open && item.effect.is === 'preset' ? <EffectEditor item={item} onChange={onChange} /> : null}
      {open && item.effect.is === 'kept' ? (
        <p className={styles.none}>This effect was made elsewhere and stays as it is.</p>
      ) : null}
    </li>
  );
}

function effectWords({ effect }: ItemDraft): string {
  if (effect.is === 'none') return '';
  if (effect.is === 'kept') return `Its own shape, ${Math.round(effect.effect.durationMs / 100) / 10} s`;
  return `${PRESET_NAMES[effect.preset]}, ${effect.seconds} s at ${Math.round(effect.level * 100)}%`;
}

function EffectEditor({
  item,
  onChange,
}: {
  readonly item: ItemDraft;
  onChange(change: Partial<ItemDraft>): void;
}) {
  const { effect } = item;
  if (effect.is !== 'preset') return null;
  const set = (change: Partial<typeof effect>): void => onChange({ effect: { ...effect, ...change } });
  return (
    <div className={styles.editor}>
      <fieldset className={styles.presets}>
        <legend>Shape</legend>
        {PRESETS.map((preset) => (
          <label key={preset} className={styles.preset}>
            <input
              type="radio"
              name={`shape-${item.itemId}`}
              checked={effect.preset === preset}
              onChange={() => set({ preset })}
            />
            <EffectShape effect={effectOf({ ...effect, preset })} />
            <span>{PRESET_NAMES[preset]}</span>
          </label>
        ))}
      </fieldset>
      <Slider
        label="How long"
        {...EFFECT_SECONDS}
        value={effect.seconds}
        text={`${effect.seconds} s`}
        onChange={(seconds) => set({ seconds })}
      />
      <Slider
        label="How strong"
        {...EFFECT_LEVELS}
        value={effect.level}
        text={`${Math.round(effect.level * 100)}% of your highest level`}
        onChange={(level) => set({ level: Math.round(level * 100) / 100 })}
      />
    </div>
  );
}
