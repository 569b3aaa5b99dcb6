import { createRequire } from 'node:module';
import path from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { compressed } from './build/compressed.ts';
import { preloaded } from './build/preloaded.ts';

const root = import.meta.dirname;
const livekit = path.dirname(createRequire(import.meta.url).resolve('livekit-client'));

/** One build of three pages. `--mode states` adds the page of all states, which is for development alone. */
export default defineConfig(({ mode }) => ({
  root,
  // Packages of ours are read as they were written.
  resolve: {
    conditions: ['nightjar-source', 'module', 'browser', 'import'],
    // From its source the bundler can leave out what a page does not use: a sixth of what a viewer waits for.
    alias: { 'livekit-client': path.resolve(livekit, '../src/index.ts') },
  },
  plugins: [react(), preloaded({ 'room.html': '/src/media/watch.ts' }), compressed()],
  worker: { format: 'es' as const },
  build: {
    target: 'es2023',
    // Beside the service that serves them.
    outDir: mode === 'states' ? 'dist-states' : 'dist/pages',
    emptyOutDir: true,
    manifest: true,
    sourcemap: true,
    // Inlined files would need a hole in the content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: {
      input: Object.fromEntries(
        ['index', 'room', 'studio', ...(mode === 'states' ? ['states'] : [])].map((page) => [
          page,
          path.join(root, `${page}.html`),
        ]),
      ),
    },
  },
}));
