import { lazy, Suspense, useEffect, useState } from 'react';
import { Head } from '../components/Page.tsx';
import { Arrived } from '../components/PageTitle.tsx';
import { useStore } from '../lib/use-store.ts';
import styles from './App.module.css';
import { NotFound } from './NotFound.tsx';
import type { Router } from './router.ts';
import { type Route, TITLES } from './routes.ts';

const PAGES = {
  directory: lazy(() =>
    import('../directory/page.tsx').then(({ DirectoryPage }) => ({ default: DirectoryPage })),
  ),
  wallet: lazy(() => import('../wallet/page.tsx').then(({ WalletPage }) => ({ default: WalletPage }))),
  me: lazy(() => import('../me/page.tsx').then(({ MePage }) => ({ default: MePage }))),
  unknown: NotFound,
} as const satisfies Record<Route, unknown>;

export function App({ router }: { readonly router: Router }) {
  const route = useStore(router.route);
  const [first] = useState(route);
  const [moved, setMoved] = useState(false);
  useEffect(() => {
    document.title = TITLES[route];
    if (route !== first) setMoved(true);
  }, [route, first]);
  const Page = PAGES[route];
  return (
    <Arrived value={moved || route !== first}>
      <a className={styles.skip} href="#content">
        Skip to the page
      </a>
      <Head at={route === 'unknown' ? 'room' : route} />
      <main id="content" className={styles.main} tabIndex={-1}>
        <Suspense>
          <Page key={route} />
        </Suspense>
      </main>
    </Arrived>
  );
}
