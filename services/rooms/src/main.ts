import { runMain } from '@nightjar/kit/main';
import { toConfig } from './config.ts';
import { start } from './service.ts';

await runMain(async () => start(toConfig(process.env)));
