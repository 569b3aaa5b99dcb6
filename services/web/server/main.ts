import { runMain } from '@nightjar/kit/main';
import { toConfig } from './config.ts';
import { start } from './service.ts';

await runMain(() => start(toConfig(process.env)));
