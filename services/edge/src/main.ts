import { runMain } from '@nightjar/kit/main';
import { toConfig } from './config.ts';
import { start } from './service.ts';

await runMain(async () => {
  const edge = await start(toConfig(process.env));
  // Unhandled, it ends the process: whoever started us starts us again.
  void edge.died;
  return edge;
});
