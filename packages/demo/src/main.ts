#!/usr/bin/env node
import { parseArgs } from 'node:util';
import { createHttpClient } from '@nightjar/client/http';
import { Identity } from '@nightjar/client/identity';
import { findEndpoints } from '@nightjar/client/node/find-endpoints';
import { keyFolder } from '@nightjar/client/node/home';
import { keyFiles } from '@nightjar/client/node/key-files';
import { ProblemError } from '@nightjar/client/problem-error';
import { FRAMES_PER_SECOND_DEFAULT, FRAMES_PER_SECOND_MAX } from './limits.ts';
import type { DemoEvent } from './run-demo.ts';

const USAGE = `nightjar-demo: a broadcaster with a picture and a device, for trying things out

  key    prints the demo's public key; an operator makes it a broadcaster with
         scripts/operator broadcaster add --public-key KEY
  run    goes live in the room 'demo', until it is ended

  --endpoints FILE|ORIGIN   where the platform is (NIGHTJAR_ENDPOINTS; else the one that scripts/start runs here)
  --intiface URL            drives the devices of an Intiface engine instead of a simulated one
  --fps N                   frames a second, 1 to ${FRAMES_PER_SECOND_MAX} (${FRAMES_PER_SECOND_DEFAULT})
  --wait                    for a platform that is on its way up, and for the operator to let it in
  --json                    one JSON object a line

Keys are in \${NIGHTJAR_DEMO_HOME}, or in the folder 'demo' beside your own.
`;

function fail(text: string, code: 1 | 2): never {
  process.stderr.write(`nightjar-demo: ${text}\n`);
  process.exit(code);
}

const { values, positionals } = readArguments();
const folder = process.env.NIGHTJAR_DEMO_HOME || `${keyFolder()}/demo`;

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        endpoints: { type: 'string' },
        intiface: { type: 'string' },
        fps: { type: 'string' },
        wait: { type: 'boolean' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    return fail(`${(error as Error).message}\n\n${USAGE}`, 2);
  }
}

function inWords(event: DemoEvent): string {
  switch (event.is) {
    case 'room':
      return `room ${event.slug} (${event.roomId})`;
    case 'picture':
      return event.live ? 'live: the picture is published' : `no picture: ${event.why}`;
    case 'bridge':
      return `bridge: ${event.phase}${event.why ? ` (${event.why})` : ''}`;
    case 'device':
      return `device: ${event.status}`;
    case 'chat':
      return `chat's keys: ${event.phase} (${event.code})`;
  }
}

async function run(): Promise<void> {
  const framesPerSecond = Number(values.fps ?? FRAMES_PER_SECOND_DEFAULT);
  if (!(framesPerSecond >= 1 && framesPerSecond <= FRAMES_PER_SECOND_MAX))
    fail(`no such rate: ${values.fps}`, 2);
  const left = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.once(signal, () => {
        resolve();
        // A second one does not wait.
        process.once(signal, () => process.exit(130));
      });
    }
  });
  // LiveKit's package writes what only its makers need to standard output, unless this is said before it is loaded.
  process.env.NODE_ENV ??= 'production';
  const { startDemo } = await import('./run-demo.ts');
  const demo = await startDemo({
    endpoints: await findEndpoints(values.endpoints),
    folder,
    framesPerSecond,
    waits: values.wait ?? false,
    ...(values.intiface === undefined ? {} : { intiface: values.intiface }),
    onEvent: (event) => process.stdout.write(`${values.json ? JSON.stringify(event) : inWords(event)}\n`),
  });
  await left;
  await demo[Symbol.asyncDispose]();
}

try {
  const [command, ...more] = positionals;
  if (values.help) process.stdout.write(USAGE);
  else if (command === 'key' && more.length === 0) {
    const identity = new Identity({
      endpoints: { auth: '' },
      http: createHttpClient(),
      keys: keyFiles(folder),
    });
    process.stdout.write(`${await identity.publicKey()}\n`);
  } else if (command === 'run' && more.length === 0) await run();
  else fail(`say 'key' or 'run'\n\n${USAGE}`, 2);
} catch (error) {
  const hint =
    error instanceof ProblemError && error.code === 'not_a_broadcaster'
      ? `\nIts key: nightjar-demo key; then: scripts/operator broadcaster add --public-key KEY`
      : '';
  fail(`${(error as Error).message}${hint}`, 1);
}
process.exit(0);
