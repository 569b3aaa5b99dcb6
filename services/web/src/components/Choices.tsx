import type { LucideIcon } from 'lucide-react';
import styles from './Choices.module.css';

export interface Choice<T extends string> {
  readonly value: T;
  readonly name: string;
  readonly hint: string;
  readonly Icon?: LucideIcon;
}

export interface ChoicesProps<T extends string> {
  /** What is chosen, for those who cannot see it. */
  readonly legend: string;
  readonly name: string;
  readonly choices: readonly Choice<T>[];
  readonly value: T;
  onChange(value: T): void;
}

/** One of a few, each with a word on what it means. */
export function Choices<T extends string>({ legend, name, choices, value, onChange }: ChoicesProps<T>) {
  return (
    <fieldset className={styles.choices}>
      <legend className="visually-hidden">{legend}</legend>
      {choices.map(({ value: own, name: title, hint, Icon }) => (
        <label key={own} className={styles.choice}>
          <input type="radio" name={name} checked={value === own} onChange={() => onChange(own)} />
          {Icon ? <Icon aria-hidden="true" /> : null}
          <span>
            <b>{title}</b>
            <small>{hint}</small>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
