import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { applyTheme } from '../lib/preferences.ts';
import { App } from './App.tsx';
import { reloadWhenOutdated } from './reload-when-outdated.ts';
import { Router } from './router.ts';

applyTheme();
reloadWhenOutdated();
createRoot(document.getElementById('page') as HTMLElement).render(
  <StrictMode>
    <App router={new Router()} />
  </StrictMode>,
);
