import { type Platform, startPlatform } from './lib/platform.ts';
import { say, seconds } from './lib/print.ts';
import { refuseUnknownSettings } from './lib/settings.ts';
import { stateRoot } from './lib/state.ts';

const USAGE = `scripts/start [--fresh] [--no-demo] [--no-build]

Starts everything on this machine, on 127.0.0.1 only, until Ctrl-C.
  --fresh     forgets all state first
  --no-demo   without the demo broadcaster
  --no-build  with what was built before, while the sources are being worked on
`;

const OPTIONS = ['--fresh', '--no-demo', '--no-build'];
const unknown = process.argv.slice(2).filter((argument) => !OPTIONS.includes(argument));
if (unknown.length > 0) {
  process.stderr.write(unknown.includes('--help') ? USAGE : `no such option: ${unknown.join(' ')}\n${USAGE}`);
  process.exit(unknown.includes('--help') ? 0 : 2);
}

const signalled = new Promise<string>((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      // A second one does not wait: every child ends with us.
      process.once(signal, () => process.exit(1));
      resolve(signal);
    });
  }
});

const began = performance.now();
let platform: Platform | undefined;
try {
  refuseUnknownSettings(process.env);
  const state = stateRoot();
  say(`State is in ${state}`);
  const starting = startPlatform({
    state,
    fresh: process.argv.includes('--fresh'),
    edge: true,
    pages: true,
    skipBuild: process.argv.includes('--no-build'),
    demo: !process.argv.includes('--no-demo'),
    onStep: (what, ms) => say(`${seconds(ms)}  ${what}`),
  });
  // A signal while starting ends us at once, and with us what has been started.
  platform = await Promise.race([starting, signalled.then(() => undefined)]);
  if (!platform) process.exit(130);
  say(`${seconds(performance.now() - began)}  in all\n`);
  for (const [name, url] of Object.entries(platform.endpoints)) say(`  ${name.padEnd(10)} ${url}`);
  say(`\nOpen ${platform.endpoints.edge}/ in a browser.`);
  say(`Logs are in ${platform.state.logs}. Ctrl-C ends everything.`);
  say('Try next, in another terminal:');
  const room = platform.demo?.slug ?? 'ROOM';
  say(`  scripts/viewer watch ${room}     what happens in the room`);
  say(`  scripts/viewer tip ${room}       a tip, and its life line by line`);
  say('  scripts/viewer balance');
  await Promise.race([signalled, platform.died]);
  say('\nStopping');
  await platform[Symbol.asyncDispose]();
  process.exit(0);
} catch (error) {
  say(`\nscripts/start: ${(error as Error).message}`);
  await platform?.[Symbol.asyncDispose]();
  process.exit(1);
}
