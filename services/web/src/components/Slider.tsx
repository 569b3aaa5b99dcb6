import { Slider as Primitive } from 'radix-ui';
import styles from './Slider.module.css';

export interface SliderProps {
  readonly label: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  /** The value in words, beside it and for screen readers. */
  readonly text: string;
  readonly disabled?: boolean;
  onChange(value: number): void;
}

export function Slider({ label, value, min, max, step, text, disabled = false, onChange }: SliderProps) {
  return (
    <div className={styles.slider}>
      <span className={styles.label} aria-hidden="true">
        {label}
      </span>
      <output className={styles.text} aria-hidden="true">
        {text}
      </output>
      <Primitive.Root
        className={styles.root}
        value={[value]}
        min={min}
        max={max}
        step={step}
        disabled={disabled}
        onValueChange={([next]) => onChange(next ?? value)}
      >
        <Primitive.Track className={styles.track}>
          <Primitive.Range className={styles.range} />
        </Primitive.Track>
        <Primitive.Thumb className={styles.thumb} aria-label={label} aria-valuetext={text} />
      </Primitive.Root>
    </div>
  );
}
