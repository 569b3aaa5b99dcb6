import { lutimesSync, readdirSync } from 'node:fs';
import path from 'node:path';

/** The files in a folder and its folders. Links are not followed: pnpm's packages link to each other in circles. */
export function filesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) return filesIn(file);
    return entry.isFile() ? [file] : [];
  });
}

/** The same files are then the same layer, whenever they were made. */
export function withoutTimes(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) withoutTimes(file);
    else lutimesSync(file, 0, 0);
  }
  lutimesSync(folder, 0, 0);
}
