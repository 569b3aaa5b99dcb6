import { start } from '../../../services/auth/src/service.ts';

export const started = start();
