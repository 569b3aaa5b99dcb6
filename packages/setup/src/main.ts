#!/usr/bin/env node
import { ProvisionError } from '@nightjar/database/provision';
import { describeError } from '@nightjar/kit/log';
import { SettingsError } from '@nightjar/kit/settings';
import { runPostgres } from './commands/postgres.ts';
import { runSecrets } from './commands/secrets.ts';
import { runStreams } from './commands/streams.ts';
import { SetupError } from './setup-error.ts';

const USAGE = `setup COMMAND

What an installation needs before its services run. Each command is safe to repeat.
  secrets    makes passwords and keys once, and writes the Secret of each service
  postgres   makes the database, and a role and a schema for each service
  streams    makes NATS's streams and bucket, and gives those that are there their number of copies

Settings are NIGHTJAR_* variables; docs/reference/settings.md has them.
`;

const COMMANDS: Readonly<Record<string, (env: NodeJS.ProcessEnv) => Promise<void>>> = {
  secrets: runSecrets,
  postgres: runPostgres,
  streams: runStreams,
};

// The first process of a container has no signal handlers but its own, and would not end.
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => process.exit(130));

const [name = '', ...rest] = process.argv.slice(2);
const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
if (!command || rest.length > 0) {
  process.stderr.write(USAGE);
  process.exit(name === '--help' ? 0 : 2);
}
try {
  await command(process.env);
  process.exit(0);
} catch (error) {
  const forPeople =
    error instanceof SetupError || error instanceof ProvisionError || error instanceof SettingsError;
  // Other errors' messages quote data.
  process.stderr.write(
    `setup ${name}: ${forPeople ? error.message : JSON.stringify(describeError(error))}\n`,
  );
  process.exit(1);
}
