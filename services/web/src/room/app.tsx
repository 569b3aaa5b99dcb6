import type { Beginning } from './boot.ts';
export function mountRoom(beginning: Beginning): void { console.log(beginning.slug); }
