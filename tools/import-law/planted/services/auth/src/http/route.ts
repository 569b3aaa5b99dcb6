import { toConfig } from '../config.ts';
import { start } from '../service.ts';

export const route = () => [start, toConfig];
