import path from 'node:path';
import { secretFile } from './lib/secrets.ts';
import { stateRoot } from './lib/state.ts';

// The operator's command reads the same secrets as the service; those of scripts/start, unless others are named.
const secret = (key: string) => secretFile(path.join(stateRoot(), 'secrets'), 'auth', key);
process.env.NIGHTJAR_POSTGRES_URL_FILE ??= secret('postgres-url');
process.env.NIGHTJAR_SIGNING_SEAL_KEY_FILE ??= secret('signing-seal-key');
await import('../services/auth/src/operator.ts');
