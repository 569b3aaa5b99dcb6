import { type EngineName, engines, findEngine } from '@nightjar/testkit/servers/engines';
import { say } from './lib/print.ts';

const names = Object.keys(engines) as EngineName[];
const wanted = process.argv.length > 2 ? process.argv.slice(2) : names;
const unknown = wanted.filter((name) => !(names as string[]).includes(name));
if (unknown.length > 0) {
  say(`scripts/engines [${names.join('|')}]...`);
  process.exit(2);
}

let failed = false;
await Promise.all(
  (wanted as EngineName[]).map(async (name) => {
    try {
      const { program, from } = await findEngine(name);
      process.stdout.write(
        `${engines[name].title.padEnd(16)} ${program} (${from === 'path' ? 'on the PATH' : `${engines[name].version}, cached`})\n`,
      );
    } catch (error) {
      failed = true;
      say((error as Error).message);
    }
  }),
);
process.exitCode = failed ? 1 : 0;
