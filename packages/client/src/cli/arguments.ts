import { parseArgs } from 'node:util';
import { UsageError } from './usage.ts';

export interface Arguments {
  readonly command: string;
  readonly rest: readonly string[];
  readonly options: Options;
}

export interface Options {
  readonly endpoints?: string;
  readonly id?: string;
  readonly seconds?: number;
  readonly json: boolean;
  readonly wait: boolean;
  readonly buy: boolean;
  readonly help: boolean;
}

/** How many words each command takes. */
export const COMMANDS: Readonly<Record<string, number>> = {
  rooms: 0,
  watch: 1,
  tip: 2,
  menu: 1,
  balance: 0,
  buy: 1,
  chat: 1,
};

/** @throws UsageError */
export function readArguments(args: readonly string[]): Arguments {
  const { values, positionals } = parse(args);
  const [command = '', ...rest] = positionals;
  const { endpoints, id, seconds } = values;
  if (!values.help) {
    const most = COMMANDS[command];
    if (command === '') throw new UsageError('say what to do');
    if (most === undefined) throw new UsageError(`there is no command '${command}'`);
    if (rest.length > most) throw new UsageError(`${command} takes no '${rest[most]}'`);
  }
  return {
    command,
    rest,
    options: {
      json: values.json === true,
      wait: values['no-wait'] !== true,
      buy: values['no-buy'] !== true,
      help: values.help === true,
      ...(endpoints === undefined ? {} : { endpoints }),
      ...(id === undefined ? {} : { id: readTipId(id) }),
      ...(seconds === undefined ? {} : { seconds: readSeconds(seconds) }),
    },
  };
}

/** @throws UsageError */
export function readAmount(text: string): bigint {
  if (!/^[1-9][0-9]{0,11}$/.test(text)) throw new UsageError(`not a number of tokens: '${text}'`);
  return BigInt(text);
}

function readTipId(text: string): string {
  if (!/^tip_[0-9a-f-]{36}$/.test(text)) throw new UsageError(`not a tip's id: '${text}'`);
  return text;
}

function readSeconds(text: string): number {
  const seconds = Number(text);
  if (!(seconds > 0 && seconds < 1_000_000)) throw new UsageError(`not a number of seconds: '${text}'`);
  return seconds;
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        endpoints: { type: 'string' },
        id: { type: 'string' },
        seconds: { type: 'string' },
        json: { type: 'boolean' },
        'no-wait': { type: 'boolean' },
        'no-buy': { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
