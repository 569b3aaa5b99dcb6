/** Bundles the Worker, from our sources as they are, into the one module that workerd or Cloudflare is given: `build.ts [FILE]`. */
import path from 'node:path';
import { build } from 'rolldown';

await build({
  input: path.join(import.meta.dirname, 'src/worker/worker.ts'),
  platform: 'neutral',
  resolve: { conditionNames: ['nightjar-source', 'import', 'default'] },
  output: {
    file: process.argv[2] ?? path.join(import.meta.dirname, 'dist/worker.js'),
    format: 'esm',
    sourcemap: true,
  },
  onLog(level, log) {
    // The Worker's runtime has no modules to resolve what is left out.
    if (level === 'warn') throw new Error(log.message);
  },
});
