import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { applyTheme } from '../lib/preferences.ts';
import { App } from './App.tsx';
import { Router } from './router.ts';

applyTheme();
createRoot(document.getElementById('page') as HTMLElement).render(
  <StrictMode>
    <App router={new Router()} />
  </StrictMode>,
);
