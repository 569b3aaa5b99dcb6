import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { applyTheme } from '../lib/preferences.ts';
import { StatesPage } from './StatesPage.tsx';

const theme = new URLSearchParams(location.search).get('theme');
if (theme === 'dark' || theme === 'light') document.documentElement.dataset.theme = theme;
else applyTheme();

createRoot(document.getElementById('page') as HTMLElement).render(
  <StrictMode>
    <StatesPage />
  </StrictMode>,
);
