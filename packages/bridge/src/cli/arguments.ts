import { parseArgs } from 'node:util';
import { UsageError } from './usage.ts';

export interface Options {
  readonly room: string;
  readonly driver: 'simulated' | 'intiface';
  readonly intiface: string;
  readonly endpoints?: string;
  readonly keys?: string;
  readonly journal?: string;
  readonly arm: boolean;
  readonly json: boolean;
}

/** @returns 'help' when that was asked for. Throws UsageError. */
export function readArguments(args: readonly string[]): Options | 'help' {
  const values = parse(args);
  if (values.help === true) return 'help';
  const { room, driver = 'simulated', intiface = 'ws://127.0.0.1:12345', endpoints, keys, journal } = values;
  if (room === undefined) throw new UsageError('say which room: --room ROOM');
  if (driver !== 'simulated' && driver !== 'intiface') throw new UsageError(`there is no driver '${driver}'`);
  if (!/^wss?:\/\//.test(intiface)) throw new UsageError(`not a WebSocket's address: '${intiface}'`);
  if (values.intiface !== undefined && driver !== 'intiface')
    throw new UsageError('--intiface needs --driver intiface');
  return {
    room,
    driver,
    intiface,
    arm: values.arm === true,
    json: values.json === true,
    ...(endpoints === undefined ? {} : { endpoints }),
    ...(keys === undefined ? {} : { keys }),
    ...(journal === undefined ? {} : { journal }),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        room: { type: 'string' },
        driver: { type: 'string' },
        intiface: { type: 'string' },
        endpoints: { type: 'string' },
        keys: { type: 'string' },
        journal: { type: 'string' },
        arm: { type: 'boolean' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
