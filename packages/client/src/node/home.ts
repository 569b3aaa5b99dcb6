import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where this user's keys lie: ${NIGHTJAR_HOME} or the data folder of the XDG base directories, then `nightjar`. */
export function keyFolder(env: NodeJS.ProcessEnv = process.env): string {
  return join(env.NIGHTJAR_HOME || env.XDG_DATA_HOME || join(homedir(), '.local/share'), 'nightjar');
}
