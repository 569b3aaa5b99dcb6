import { readdirSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './root.ts';

/**
 * What a file of tests/verify/ or tests/bench/ exports as `run`. It prints for people on standard error, and with
 * `json` one closing line of figures on standard output, which it returns as well.
 */
export type Program = (
  options: ProgramOptions,
) => Promise<Readonly<Record<string, unknown>> & { readonly ok: boolean }>;

export interface ProgramOptions {
  /** What stands after the name. */
  readonly args: readonly string[];
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
}

/** Runs `tests/<kind>/<NAME>.ts`, or lists the names. */
export async function dispatch(kind: 'verify' | 'bench', argv: readonly string[]): Promise<number> {
  const names = namesIn(kind);
  const json = argv.includes('--json');
  const [name, ...args] = argv.filter((argument) => argument !== '--json');
  if (name === undefined || name === '--help' || name === '--list') {
    process.stdout.write(`scripts/${kind} NAME [--json]\n${names.map((each) => `  ${each}\n`).join('')}`);
    return name === undefined ? 2 : 0;
  }
  if (!names.includes(name)) {
    process.stderr.write(`no ${kind} is named ${name}; there are: ${names.join(', ') || 'none'}\n`);
    return 2;
  }
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      // A second one does not wait: every child ends with us.
      if (stopping.signal.aborted) process.exit(130);
      stopping.abort(new Error(`ended by ${signal}`));
    });
  }
  const module = (await import(pathToFileURL(path.join(root, 'tests', kind, `${name}.ts`)).href)) as {
    run: Program;
  };
  try {
    const figures = await module.run({ args, signal: stopping.signal });
    process.stdout.write(json ? `${JSON.stringify(figures)}\n` : table(figures));
    return figures.ok ? 0 : 1;
  } catch (error) {
    process.stderr.write(`scripts/${kind} ${name}: ${(error as Error).stack}\n`);
    if (json) process.stdout.write(`${JSON.stringify({ ok: false })}\n`);
    return 1;
  }
}

export function namesIn(kind: 'verify' | 'bench'): string[] {
  try {
    return readdirSync(path.join(root, 'tests', kind))
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
      .map((file) => file.slice(0, -'.ts'.length))
      .sort();
  } catch {
    return [];
  }
}

function table(figures: Readonly<Record<string, unknown>>): string {
  const width = Math.max(...Object.keys(figures).map((name) => name.length));
  return Object.entries(figures)
    .map(
      ([name, value]) =>
        `${name.padEnd(width)}  ${typeof value === 'object' ? JSON.stringify(value) : String(value)}\n`,
    )
    .join('');
}
