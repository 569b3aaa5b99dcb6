import { createLog } from '@nightjar/kit/log';
import { readFor, STREAMS_SETTINGS } from '../config.ts';
import { readSetupFile } from '../setup-files.ts';
import { setUpStreams } from '../streams.ts';

export async function runStreams(env: NodeJS.ProcessEnv): Promise<void> {
  const { setupFolder, streamCopies, logLevel } = readFor(STREAMS_SETTINGS, env);
  const log = createLog('setup', logLevel);
  await setUpStreams(await readSetupFile(setupFolder, 'nats-url'), streamCopies, log);
  log.info('streams_are_set_up', { count: streamCopies });
}
