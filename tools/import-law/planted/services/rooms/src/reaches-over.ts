import { start } from '../../auth/src/service.ts';

export const started = start();
