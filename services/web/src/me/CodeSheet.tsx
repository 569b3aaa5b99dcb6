import { createPortal } from 'react-dom';
import styles from './CodeSheet.module.css';

/** The code as it is printed: a page of its own, that the screen never shows. */
export function CodeSheet({ groups }: { readonly groups: readonly string[] }) {
  return createPortal(
    <div className={styles.sheet} aria-hidden="true">
      <p className={styles.name}>Nightjar</p>
      <p className={styles.title}>Backup code</p>
      <ol className={styles.code}>
        {groups.map((group, i) => (
          <li key={i}>{group}</li>
        ))}
      </ol>
      <p>
        It brings back your names and your tokens at <strong>{location.host}</strong>: open “Me” there, choose
        “I have a code”, and type it. There is no I, L, O or U in it.
      </p>
      <p>Whoever has this paper can do the same. Keep it where you keep money.</p>
      <p className={styles.written}>
        Printed on <span />
      </p>
    </div>,
    document.body,
  );
}
