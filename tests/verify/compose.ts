/**
 * deploy/compose.yaml, run by Docker Compose itself on an engine of our own, whose network leads nowhere: every program
 * as restricted as the file says, a viewer who sees the demo's picture and tips its device, and a second start that
 * makes nothing anew.
 */
import path from 'node:path';
import { startContainerEngine } from '@nightjar/testkit/containers/container-engine';
import { runToEnd } from '@nightjar/testkit/kubernetes/run';
import { findEngine } from '@nightjar/testkit/servers/engines';
import { buildEngineImages } from '../../scripts/lib/images/engine-images.ts';
import { buildImages } from '../../scripts/lib/images.ts';
import type { Program } from '../../scripts/lib/programs.ts';
import { root } from '../../scripts/lib/root.ts';
import { oneDecimal, row, say } from '../lib/print.ts';
import { temporaryFolder } from '../lib/temporary-folder.ts';
import { type Inspected, judgeContainers } from './compose/containers.ts';
import { judgeReach } from './compose/reach.ts';

const TAG = 'verify';
const UP_WITHIN_S = 300;
const ORIGIN = 'http://127.0.0.1:7800';
const COMPOSE_FILE = path.join(root, 'deploy/compose.yaml');
const VIEWER = path.join(root, 'packages/client/src/cli/main.ts');
const WATCH = path.join(import.meta.dirname, 'compose/watch.ts');

export const run: Program = async ({ signal }) => {
  await buildAll();
  signal.throwIfAborted();
  await using folder = await temporaryFolder('compose');
  const { program } = await findEngine('compose');
  await using engine = await startContainerEngine({ network: 'own' });
  const compose = (...args: string[]) =>
    runToEnd(program, ['--file', COMPOSE_FILE, '--profile', 'demo', ...args], {
      env: { ...engine.env, NIGHTJAR_TAG: TAG },
    });
  const up = () => compose('up', '--detach', '--wait', '--wait-timeout', `${UP_WITHIN_S}`);
  const asViewer = (file: string, ...args: string[]) =>
    runToEnd(process.execPath, ['--conditions=nightjar-source', file, ...args], {
      within: engine.within,
      env: { NIGHTJAR_ENDPOINTS: ORIGIN, NIGHTJAR_HOME: folder.path },
    });
  const down = () => compose('down', '--volumes', '--remove-orphans', '--timeout', '20');
  // What a run that was killed left.
  await down();
  try {
    const start = performance.now();
    await up();
    const upMs = performance.now() - start;
    row(upMs, 'everything is up');
    signal.throwIfAborted();

    const containers = await inspectAll(engine.run);
    const faults = [...judgeContainers(containers), ...(await judgeReach(engine))];
    say(`${containers.length} containers looked at`);
    await hideFromContainers(engine.within);
    const frames = Number(await asViewer(WATCH, ORIGIN));
    say(`${frames} frames of the demo's picture`);
    const ran = /"stage":"(ran|settled)"/.test(await asViewer(VIEWER, 'tip', '--json'));
    if (!ran) faults.push('a tip did not run');
    signal.throwIfAborted();

    const before = await vaultOf(compose);
    await up();
    if ((await vaultOf(compose)) !== before) faults.push('a second start made secrets anew');
    for (const fault of faults) say(`WRONG  ${fault}`);
    return {
      verify: 'compose',
      ok: faults.length === 0 && frames > 0 && ran,
      containers: containers.length,
      up_s: oneDecimal(upMs / 1_000),
      frames,
      faults: faults.length,
    };
  } catch (error) {
    say(await compose('logs', '--no-color', '--tail', '20'));
    throw error;
  } finally {
    await down();
  }
};

/** By an engine in this machine's network; the other one then finds them. */
async function buildAll(): Promise<void> {
  await using engine = await startContainerEngine();
  await buildImages(engine, { tag: TAG });
  await buildEngineImages(engine);
}

/**
 * A browser hides its addresses, so LiveKit cannot begin to talk to it: media must find its way by the published port. Here
 * the viewer is where the bridges are, and would be found.
 */
async function hideFromContainers(within: readonly string[]): Promise<void> {
  const begun = ['-m', 'conntrack', '--ctstate', 'NEW'];
  await runToEnd('iptables', ['-I', 'INPUT', '-i', 'br-+', '-p', 'udp', ...begun, '-j', 'DROP'], { within });
}

async function inspectAll(run: (args: readonly string[]) => Promise<string>): Promise<Inspected[]> {
  const ids = (await run(['ps', '--all', '--quiet'])).trim().split('\n');
  return JSON.parse(await run(['inspect', ...ids])) as Inspected[];
}

/** A sum of all that was made once. */
function vaultOf(compose: (...args: string[]) => Promise<string>): Promise<string> {
  const sum = `
    const { readdirSync, readFileSync } = require('node:fs');
    const folder = '/secrets/nightjar-generated/';
    const sum = require('node:crypto').createHash('sha256');
    for (const name of readdirSync(folder).sort()) sum.update(readFileSync(folder + name));
    console.log(readdirSync(folder).length, sum.digest('hex'))`;
  return compose('run', '--rm', '--no-deps', 'secrets', '--eval', sum);
}
