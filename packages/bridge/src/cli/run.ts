import path from 'node:path';
import { BridgeConnection } from '@nightjar/client/bridge-connection';
import type { Endpoints } from '@nightjar/client/endpoints';
import { createHttpClient } from '@nightjar/client/http';
import { Identity } from '@nightjar/client/identity';
import { EndpointsError, findEndpoints } from '@nightjar/client/node/find-endpoints';
import { keyFolder } from '@nightjar/client/node/home';
import { keyFiles } from '@nightjar/client/node/key-files';
import { ProblemError } from '@nightjar/client/problem-error';
import { Rooms } from '@nightjar/client/rooms';
import type { DeviceDriver } from '../driver.ts';
import { intifaceDriver } from '../drivers/intiface.ts';
import { simulatedDriver } from '../drivers/simulated.ts';
import { JournalError } from '../journal-codec.ts';
import { openFileJournal } from '../node/file-journal.ts';
import { type Bridge, startBridge } from '../run.ts';
import { systemTimers } from '../timers.ts';
import { type Options, readArguments } from './arguments.ts';
import { bindHands, type Keyboard } from './hands.ts';
import { type Printer, printer } from './printer.ts';
import { USAGE, UsageError } from './usage.ts';

export interface Surroundings {
  readonly env: NodeJS.ProcessEnv;
  readonly stdin: Keyboard;
  /** Aborts when the program is to leave: a signal, a terminal that closed. */
  readonly leaving: AbortController;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

/** With --arm, how often a device that is not there yet is tried again, in ms. */
const ARM_AGAIN_MS = 2_000;

/** The command line. @returns the exit code */
export async function run(args: readonly string[], around: Surroundings): Promise<number> {
  try {
    const options = readArguments(args);
    if (options === 'help') {
      around.out(USAGE);
      return 0;
    }
    await bridgeUntilLeft(options, around);
    return 0;
  } catch (error) {
    if (error instanceof UsageError) {
      around.err(`nightjar-bridge: ${error.message}\nSee nightjar-bridge --help\n`);
      return 2;
    }
    const known =
      error instanceof ProblemError || error instanceof EndpointsError || error instanceof JournalError;
    around.err(`nightjar-bridge: ${known ? error.message : ((error as Error).stack ?? String(error))}\n`);
    return 1;
  }
}

async function bridgeUntilLeft(options: Options, around: Surroundings): Promise<void> {
  const out = printer(options.json, around.out, Date.now);
  const folder = options.keys ?? keyFolder(around.env);
  const keys = keyFiles(folder);
  const http = createHttpClient();
  const endpoints = await findEndpoints(options.endpoints, around.env);
  const identity = new Identity({ endpoints, http, keys, broadcaster: true });
  const roomId = await findRoomId(options.room, { endpoints, http, identity });
  const key = await keys.key('bridge');
  const link = new BridgeConnection({ endpoints, http, identity, roomId, bridgeKey: key.publicKey });
  let problem: Error | undefined;
  link.on('phase', ({ phase, reason }) => {
    if (reason !== undefined) out.say(`server: ${phase}: ${reason.why}`, { is: 'server', phase, reason });
    // Closed for good: there is nothing left to wait for.
    if (phase === 'closed' && reason !== undefined && reason.code !== 'left') {
      problem = new ProblemError({ code: reason.code, title: reason.why, retry: reason.retry });
      around.leaving.abort();
    }
  });
  link.on('problem', ({ problem: { code, title }, tipId }) =>
    out.say(`server: ${title} (${code})`, { is: 'problem', code, ...(tipId === undefined ? {} : { tipId }) }),
  );
  using journal = openFileJournal(options.journal ?? path.join(folder, `bridge-${roomId}.jsonl`));
  let onView = () => {};
  const bridge = startBridge({
    ...{ roomId, driver: driverFor(options), link, journal, key },
    onView: (view) => {
      out.view(view);
      onView();
    },
    onWrite: out.write,
  });
  if (options.arm) onView = armAtStart(bridge, out);
  const release = bindHands(around.stdin, bridge, () => around.leaving.abort());
  await left(around.leaving.signal);
  await bridge.close();
  release();
  if (problem !== undefined) throw problem;
}

function driverFor(options: Options): DeviceDriver {
  return options.driver === 'intiface' ? intifaceDriver({ url: options.intiface }) : simulatedDriver();
}

async function findRoomId(
  room: string,
  parts: { endpoints: Endpoints; http: ReturnType<typeof createHttpClient>; identity: Identity },
): Promise<string> {
  // An id is taken as it is, so that a bridge starts while the server is away.
  if (/^room_[0-9a-f-]{36}$/.test(room)) return room;
  return (await new Rooms(parts).getOwn(room)).roomId;
}

/**
 * Arms in the name of whoever typed --arm, once: until a device was there for the first time. After that only a
 * hand arms, whatever happened.
 */
function armAtStart(bridge: Bridge, out: Printer): () => void {
  out.say('!! ARMED AT START BY --arm: tips move the device without a further question. s or space stops.', {
    is: 'armed_at_start',
  });
  let done = false;
  let retrying = false;
  bridge.arm();
  return () => {
    const { arm } = bridge.view();
    if (arm.phase === 'armed' || (arm.phase === 'latched' && arm.why !== 'device_refused')) done = true;
    if (done || retrying || arm.phase !== 'latched') return;
    retrying = true;
    systemTimers.after(ARM_AGAIN_MS, () => {
      retrying = false;
      if (!done) bridge.arm();
    });
  };
}

function left(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
