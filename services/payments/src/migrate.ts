import { migrateMain } from '@nightjar/kit/migrate-main';
import { toMigrateConfig } from './config.ts';
import { MIGRATIONS } from './migrations.ts';

// Each schema as its own role: neither reads the other.
await migrateMain('payments', () => {
  const { ledgerUrl, billingUrl } = toMigrateConfig(process.env);
  return [
    { name: 'ledger', url: ledgerUrl, folder: MIGRATIONS.ledger },
    { name: 'billing', url: billingUrl, folder: MIGRATIONS.billing },
  ];
});
