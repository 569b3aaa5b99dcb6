import styles from './KnowsSection.module.css';
import { Section } from './Section.tsx';
import { SERVER_KNOWS } from './what-server-knows.ts';

/** @param publicKey of this browser's account, where there is one */
export function KnowsSection({ publicKey }: { readonly publicKey: string | undefined }) {
  return (
    <Section
      id="knows"
      title="What the server knows of you"
      about="All of it, and for how long. Lines and notes are sealed: they are opened in the browsers of those who are in the room, the operator’s own if it is let in."
    >
      {publicKey === undefined ? (
        <p className={styles.none}>
          At this moment: nothing but your connection. You have no account here; one begins when you first
          write or tip.
        </p>
      ) : (
        <p className={styles.key}>
          Your account is this key, and nothing else: <code>{publicKey}</code>
        </p>
      )}
      {SERVER_KNOWS.map((group) => (
        <div key={group.name} className={styles.group}>
          <h3>{group.name}</h3>
          <dl className={styles.things}>
            {group.things.map(({ what, more, howLong }) => (
              <div key={what} className={styles.thing}>
                <dt>{what}</dt>
                <dd className={styles.more}>{more}</dd>
                <dd className={styles.long}>{howLong}</dd>
              </div>
            ))}
          </dl>
        </div>
      ))}
    </Section>
  );
}
