import { applyTheme } from '../lib/preferences.ts';
import { StopBar } from './stop/stop-bar.ts';

// The stop bar works from here on, whatever becomes of what is loaded after it.
const stop = new StopBar(document.getElementById('stop') as HTMLElement);
applyTheme();
const { mountStudio } = await import('./app.tsx');
mountStudio(stop);
