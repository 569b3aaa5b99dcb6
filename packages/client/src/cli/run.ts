import { EndpointsError, findEndpoints } from '../node/find-endpoints.ts';
import { keyFolder } from '../node/home.ts';
import { ProblemError } from '../problem-error.ts';
import { type Options, readArguments } from './arguments.ts';
import { chat } from './commands/chat.ts';
import { balance, buy } from './commands/money.ts';
import { menu, rooms } from './commands/rooms.ts';
import { tip } from './commands/tip.ts';
import { watch } from './commands/watch.ts';
import { printer } from './printer.ts';
import { USAGE, UsageError } from './usage.ts';
import { createViewer, type Viewer } from './viewer.ts';

export interface Surroundings {
  readonly env: NodeJS.ProcessEnv;
  readonly stdin: AsyncIterable<string | Uint8Array>;
  readonly signal: AbortSignal;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

/** The command line. @returns the exit code */
export async function run(args: readonly string[], around: Surroundings): Promise<number> {
  let options: Options | undefined;
  try {
    const parsed = readArguments(args);
    options = parsed.options;
    if (options.help) {
      around.out(USAGE);
      return 0;
    }
    const viewer = createViewer({
      options,
      endpoints: await findEndpoints(options.endpoints, around.env),
      keyFolder: keyFolder(around.env),
      out: printer(options.json, around.out),
      signal: around.signal,
      stdin: around.stdin,
    });
    return await dispatch(viewer, parsed.command, parsed.rest);
  } catch (error) {
    if (around.signal.aborted) return 130;
    return explain(error, around, options?.json === true);
  }
}

function dispatch(viewer: Viewer, command: string, rest: readonly string[]): Promise<number> {
  switch (command) {
    case 'rooms':
      return rooms(viewer);
    case 'watch':
      return watch(viewer, rest[0]);
    case 'tip':
      return tip(viewer, rest);
    case 'menu':
      return menu(viewer, rest[0]);
    case 'balance':
      return balance(viewer);
    case 'buy':
      return buy(viewer, rest[0]);
    default:
      return chat(viewer, rest[0]);
  }
}

function explain(error: unknown, { out, err }: Surroundings, json: boolean): number {
  if (error instanceof UsageError) {
    err(`nightjar-viewer: ${error.message}\nSee nightjar-viewer --help\n`);
    return 2;
  }
  const known = error instanceof ProblemError;
  const code = known ? error.code : error instanceof EndpointsError ? 'no_endpoints' : 'internal';
  const text = error instanceof Error ? error.message : String(error);
  if (json) out(`${JSON.stringify({ error: { code, title: text, retry: known && error.retry } })}\n`);
  err(`nightjar-viewer: ${text}${known ? ` (${code})` : ''}\n`);
  if (code === 'internal') err(`${error instanceof Error ? (error.stack ?? '') : ''}\n`);
  return 1;
}
