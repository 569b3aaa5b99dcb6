import styles from './TagChips.module.css';

export interface TagChipsProps {
  readonly tags: readonly string[];
  readonly chosen: string | undefined;
  onChoose(tag: string | undefined): void;
}

/** Narrows the directory to one tag. Nothing of it leaves the page. */
export function TagChips({ tags, chosen, onChoose }: TagChipsProps) {
  return (
    <fieldset className={styles.chips}>
      <legend className="visually-hidden">Only rooms with this tag</legend>
      <button
        type="button"
        className={styles.chip}
        aria-pressed={chosen === undefined}
        onClick={() => onChoose(undefined)}
      >
        All
      </button>
      {tags.map((tag) => (
        <button
          key={tag}
          type="button"
          className={styles.chip}
          aria-pressed={tag === chosen}
          onClick={() => onChoose(tag)}
        >
          {tag}
        </button>
      ))}
    </fieldset>
  );
}
