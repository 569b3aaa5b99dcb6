import { globSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';

const TEXT = '**/*.{html,js,css,svg,json,webmanifest}';

/** Writes `.gz` and `.br` beside each text file, so that the edge compresses nothing while people wait. */
export function compressed(): Plugin {
  let folder = '';
  return {
    name: 'nightjar-compressed',
    apply: 'build',
    configResolved(config) {
      folder = path.resolve(config.root, config.build.outDir);
    },
    closeBundle() {
      for (const file of globSync(TEXT, { cwd: folder })) {
        const name = path.join(folder, file);
        const bytes = readFileSync(name);
        writeFileSync(`${name}.gz`, gzipSync(bytes, { level: 9 }));
        writeFileSync(
          `${name}.br`,
          brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }),
        );
      }
    },
  };
}
