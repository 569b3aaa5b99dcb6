import path from 'node:path';
import { stateRoot } from './lib/state.ts';

// The operator's command reads the same secrets as the service; those of scripts/start, unless others are named.
const secret = (name: string) => path.join(stateRoot(), 'secrets', name);
process.env.NIGHTJAR_POSTGRES_URL_FILE ??= secret('postgres-url-auth');
process.env.NIGHTJAR_SIGNING_SEAL_KEY_FILE ??= secret('signing-seal-key');
await import('../services/auth/src/operator.ts');
