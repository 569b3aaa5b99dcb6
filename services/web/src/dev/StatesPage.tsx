import { Suspense, use, useEffect, useState, useSyncExternalStore } from 'react';
import { SelectField } from '../components/Field.tsx';
import { readHash, slugOf, statesFiles } from './find-states.ts';
import styles from './StatesPage.module.css';
import type { State } from './state.ts';

const files = statesFiles(import.meta.glob<Readonly<Record<string, unknown>>>('../**/*.states.tsx'));

function subscribeToHash(listener: () => void): () => void {
  addEventListener('hashchange', listener);
  return () => removeEventListener('hashchange', listener);
}

/**
 * All states of all components, for those who work on them. `#Wallet/empty` shows that one alone and in full, as a
 * screenshot wants it.
 */
export function StatesPage() {
  const hash = useSyncExternalStore(subscribeToHash, () => location.hash);
  const { file, state } = readHash(hash);
  const found = files.find(({ name }) => name === file);
  if (file !== undefined && state !== undefined)
    return found ? (
      <Suspense>
        <OneState key={hash} load={found.load} state={state} />
      </Suspense>
    ) : (
      <p>No such file of states.</p>
    );
  return (
    <Suspense>
      <Overview only={file} />
    </Suspense>
  );
}

function OneState({ load, state }: { load: () => Promise<readonly State[]>; state: string }) {
  const states = use(load());
  const one = states.find(({ name }) => slugOf(name) === state);
  // For scripts that take pictures: it is there, and not still being loaded.
  useEffect(() => {
    document.documentElement.dataset.shown = location.hash;
  });
  if (!one) return <p>No such state.</p>;
  return one.screen ? one.element : <main className={styles.alone}>{one.element}</main>;
}

const WIDTHS = ['390', '768', '1440'] as const;
const THEMES = ['dark', 'light'] as const;

function Overview({ only }: { only: string | undefined }) {
  const [width, setWidth] = useState<string>('390');
  const [theme, setTheme] = useState<string>('dark');
  return (
    <main className={styles.page}>
      <header className={styles.head}>
        <h1>All states</h1>
        <SelectField
          label="Width"
          value={width}
          options={WIDTHS.map((value) => ({ value, label: `${value} px` }))}
          onChange={setWidth}
        />
        <SelectField
          label="Theme"
          value={theme}
          options={THEMES.map((value) => ({ value, label: value }))}
          onChange={setTheme}
        />
      </header>
      {files
        .filter(({ name }) => only === undefined || name === only)
        .map(({ name, load }) => (
          <FileOfStates key={name} name={name} load={load} width={Number(width)} theme={theme} />
        ))}
    </main>
  );
}

interface FileProps {
  readonly name: string;
  readonly load: () => Promise<readonly State[]>;
  readonly width: number;
  readonly theme: string;
}

/** Each state in a frame of its own: what is fixed to a window, or opens over it, is so in there. */
function FileOfStates({ name, load, width, theme }: FileProps) {
  const states = use(load());
  return (
    <section className={styles.file} aria-labelledby={`file-${name}`}>
      <h2 id={`file-${name}`}>
        <a href={`#${name}`}>{name}</a>
      </h2>
      <ul className={styles.states}>
        {states.map((state) => {
          const hash = `#${name}/${slugOf(state.name)}`;
          return (
            <li key={state.name}>
              <a className={styles.name} href={hash} data-state={hash}>
                {state.name}
              </a>
              <iframe
                className={styles.frame}
                style={{ width, height: state.screen ? Math.min(width * 1.6, 900) : 260 }}
                title={`${name}: ${state.name}`}
                src={`?theme=${theme}${hash}`}
                loading="lazy"
              />
            </li>
          );
        })}
      </ul>
    </section>
  );
}
