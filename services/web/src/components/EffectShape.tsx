import type { Effect } from '@nightjar/contracts/effect';
import styles from './EffectShape.module.css';
import { effectPath } from './effect-path.ts';

/** A small drawing of what an effect does: its level over its time. */
export function EffectShape({ effect }: { readonly effect: Effect }) {
  return (
    <svg className={styles.shape} viewBox="0 0 48 16" preserveAspectRatio="none" aria-hidden="true">
      <path className={styles.area} d={`${effectPath(effect, 48, 16)} L48 16 L0 16 Z`} />
      <path className={styles.line} d={effectPath(effect, 48, 16)} vectorEffect="non-scaling-stroke" />
    </svg>
  );
}
