import { silentLog } from '@nightjar/kit/log';
import { isPostgresAway, openDatabase, openPool } from '@nightjar/kit/postgres';
import { SettingsError } from '@nightjar/kit/settings';
import { toOperatorConfig, toSealKeys } from '../config.ts';
import type { Tables } from '../store/tables.ts';
import { parseCommand } from './parse-command.ts';
import { runCommand } from './run-command.ts';
import { OperatorError, USAGE, UsageError } from './usage.ts';

export interface Output {
  out(line: string): void;
  err(line: string): void;
}

/** The operator's command line. Answers the exit code: 0 done, 1 could not be done, 2 asked wrongly. */
export async function operate(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  output: Output,
): Promise<0 | 1 | 2> {
  try {
    const command = parseCommand(args);
    if (command.name === 'help') {
      output.out(USAGE.trimEnd());
      return 0;
    }
    const { postgresUrl } = toOperatorConfig(env);
    const pool = openPool(postgresUrl, 'nightjar-operator', 1, silentLog);
    try {
      const db = openDatabase<Tables>(pool);
      const lines = await runCommand(command, { db, sealKeys: () => toSealKeys(env), nowMs: Date.now() });
      for (const line of lines) output.out(line);
      return 0;
    } finally {
      await pool.end();
    }
  } catch (error) {
    return explain(error, output);
  }
}

const SCHEMA_MISSING = '42P01';
const SIGN_IN_REFUSED = new Set(['28P01', '28000', '3D000']);

function explain(error: unknown, output: Output): 1 | 2 {
  if (error instanceof UsageError) {
    output.err(`operator: ${error.message}\n\n${USAGE.trimEnd()}`);
    return 2;
  }
  if (error instanceof SettingsError) {
    output.err(`operator: ${error.message}`);
    return 2;
  }
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (error instanceof OperatorError) output.err(`operator: ${error.message}`);
  else if (isPostgresAway(error)) output.err('operator: PostgreSQL cannot be reached; is it running?');
  else if (code === SCHEMA_MISSING)
    output.err("operator: auth's tables are not there yet; start the platform once");
  else if (SIGN_IN_REFUSED.has(code))
    output.err('operator: PostgreSQL refuses the URL in NIGHTJAR_POSTGRES_URL_FILE');
  else output.err(`operator: it failed, and that is a fault of the program (${code || String(error)})`);
  return 1;
}
