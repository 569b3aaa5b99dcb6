import type { ReactNode } from 'react';
import type { BridgeState } from '../bridge/bridge-state.ts';
import { Head } from '../components/Page.tsx';
import styles from './StudioApp.module.css';
import { stopWords } from './stop/stop-words.ts';
import './studio-page.css';

/** The moment of all pictures of states, so that two of them can be compared. */
export const NOW = Date.UTC(2026, 10, 25, 20, 3, 30);

/** The studio's frame around a screen, with its stop bar as it would be. */
export function StudioFrame({
  children,
  bridge,
  live = false,
}: {
  readonly children: ReactNode;
  readonly bridge?: BridgeState;
  readonly live?: boolean;
}) {
  const { text, tone } = stopWords(bridge, NOW);
  return (
    <div className="studio-frame">
      <div>
        <div className={styles.page} data-bounded={live || undefined}>
          {live ? null : <Head at="studio" />}
          <main className={styles.main}>{children}</main>
        </div>
      </div>
      <section className="stop" aria-label="Stop" data-tone={tone}>
        <button type="button" aria-describedby="stop-words">
          <svg viewBox="0 0 24 24" aria-hidden="true">
            <path d="M8 2h8l6 6v8l-6 6H8l-6-6V8z" />
          </svg>
          <span>Stop</span>
          <kbd>Esc</kbd>
        </button>
        <p id="stop-words">{text}</p>
        <p className="visually-hidden" role="status">
          {text}
        </p>
      </section>
    </div>
  );
}
