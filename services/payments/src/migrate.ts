import { createLog } from '@nightjar/kit/log';
import { toMigrateConfig } from './config.ts';
import { migrateSchemas } from './migrations.ts';

await migrateSchemas(toMigrateConfig(process.env), createLog('payments-migrate', 'info'));
