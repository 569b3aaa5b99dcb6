import { parseArgs } from 'node:util';
import { UsageError } from './usage.ts';

export type Command =
  | { readonly name: 'help' }
  | { readonly name: 'broadcaster add'; readonly publicKey: Uint8Array }
  | { readonly name: 'broadcaster list' }
  | { readonly name: 'broadcaster remove'; readonly id: string }
  | { readonly name: 'broadcaster remove'; readonly publicKey: Uint8Array }
  | { readonly name: 'keys list' }
  | { readonly name: 'keys rotate' };

const OPTIONS = {
  'public-key': { type: 'string' },
  id: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** Which options each command takes. */
const COMMANDS: Readonly<Record<Command['name'], readonly string[]>> = {
  help: [],
  'broadcaster add': ['public-key'],
  'broadcaster list': [],
  'broadcaster remove': ['public-key', 'id'],
  'keys list': [],
  'keys rotate': [],
};

/** Throws UsageError, in words that say what is wrong. */
export function parseCommand(args: readonly string[]): Command {
  const { values, positionals } = parse(args);
  const name = positionals.join(' ');
  if (values.help || name === 'help') return { name: 'help' };
  if (name === '') throw new UsageError('say what to do');
  if (!isCommand(name)) throw new UsageError(`there is no command '${name}'`);
  for (const option of Object.keys(values))
    if (!COMMANDS[name].includes(option)) throw new UsageError(`${name} takes no --${option}`);
  const { id, 'public-key': key } = values;
  if (name === 'broadcaster add') {
    if (key === undefined) throw new UsageError('broadcaster add needs --public-key KEY');
    return { name, publicKey: publicKeyOf(key) };
  }
  if (name === 'broadcaster remove') {
    if ((id === undefined) === (key === undefined))
      throw new UsageError('broadcaster remove needs either --id ID or --public-key KEY');
    return id === undefined ? { name, publicKey: publicKeyOf(key ?? '') } : { name, id: broadcasterId(id) };
  }
  return { name };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: keysAsValues(args), options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** One key in 64 begins with a hyphen, which would pass for an option. */
function keysAsValues(args: readonly string[]): string[] {
  const found = args.indexOf('--public-key');
  const key = args[found + 1];
  if (found === -1 || key === undefined || !/^-[A-Za-z0-9_-]{42}$/.test(key)) return [...args];
  return [...args.slice(0, found), `--public-key=${key}`, ...args.slice(found + 2)];
}

function isCommand(name: string): name is Command['name'] {
  return Object.hasOwn(COMMANDS, name);
}

function publicKeyOf(text: string): Uint8Array {
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.length !== 32 || bytes.toString('base64url') !== text)
    throw new UsageError('the public key must be 32 bytes in base64url, 43 characters');
  return bytes;
}

function broadcasterId(text: string): string {
  if (!/^bcst_[0-9a-f-]{36}$/.test(text))
    throw new UsageError('a broadcaster id looks like bcst_ and a UUID');
  return text;
}
