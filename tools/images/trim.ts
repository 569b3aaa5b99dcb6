/** Takes from a deployed program what only people and compilers read: `trim.ts FOLDER`. Licences stay. */
import { readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { filesIn, withoutTimes } from './files.ts';

/** Maps of our own files stay: stack traces are read by them. */
const NOT_FOR_RUNNING = /\.(d\.[cm]?ts|tsbuildinfo)$/;
const OF_OTHERS = /(\.(test\.[cm]?js|map|md|markdown|[cm]?ts|tsx|flow)|\.d\.[cm]?ts\.map)$/i;
const OTHERS_FOLDERS =
  /\/node_modules\/(@[^/]+\/)?[^/@.][^/]*\/(__tests__|tests?|bench(marks?)?|examples?|docs?|\.github)\//;
/** The halves of a database that is there as one. */
const HALVES = /-ipv[46]\.mmdb$/;
const LICENCE = /(licen[cs]e|notice|copying|authors)/i;
const OURS = /\/node_modules\/@nightjar\//;
/** Written by pnpm for its next run; there will be none. */
const LEFT_BY_PNPM = [
  'pnpm-lock.yaml',
  'pnpm-workspace.yaml',
  'node_modules/.pnpm/lock.yaml',
  'node_modules/.modules.yaml',
];

const folder = process.argv[2];
if (!folder) throw new Error('trim.ts FOLDER');

for (const file of filesIn(folder)) {
  const name = path.basename(file);
  if (LICENCE.test(name)) continue;
  const others = file.includes('/node_modules/') && !OURS.test(file);
  if (
    NOT_FOR_RUNNING.test(name) ||
    (others && (OF_OTHERS.test(name) || HALVES.test(name) || OTHERS_FOLDERS.test(file)))
  )
    rmSync(file);
}
for (const file of LEFT_BY_PNPM) rmSync(path.join(folder, file), { force: true });
for (const file of readdirSync(path.join(folder, 'node_modules'))) {
  if (file.startsWith('.') && file !== '.pnpm')
    rmSync(path.join(folder, 'node_modules', file), { recursive: true });
}
withoutTimes(folder);
