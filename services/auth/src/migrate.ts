import { migrateMain } from '@nightjar/kit/migrate-main';
import { toMigrateConfig } from './config.ts';
import { MIGRATIONS } from './migrations.ts';

await migrateMain('auth', () => [
  { name: 'auth', url: toMigrateConfig(process.env).postgresUrl, folder: MIGRATIONS },
]);
