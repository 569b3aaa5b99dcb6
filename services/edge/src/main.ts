import { runMain } from '@nightjar/kit/main';
import { toConfig } from './config.ts';
import { start } from './service.ts';

await runMain(async () => {
  const edge = await start(toConfig(process.env));
  // Thrown where nobody catches it, it ends the process: whoever started us starts us again.
  edge.died.catch((error) => {
    throw error;
  });
  return edge;
});
