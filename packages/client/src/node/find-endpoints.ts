import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { type Endpoints, endpointsAt, readEndpoints } from '../endpoints.ts';

/** No installation was named, or what was named is none. The message says the way out. */
export class EndpointsError extends Error {
  override readonly name = 'EndpointsError';
}

/**
 * Where the platform is: a file of endpoints or an origin, by option, by NIGHTJAR_ENDPOINTS, or by the file that
 * `scripts/start` keeps while it runs on this machine.
 *
 * @throws EndpointsError
 */
export async function findEndpoints(
  option?: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Endpoints> {
  const given = option ?? env.NIGHTJAR_ENDPOINTS;
  if (given && /^https?:\/\//.test(given)) return atOrigin(given);
  const file = given || join(stateFolder(env), 'endpoints.json');
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch {
    if (given) throw new EndpointsError(`there is no file '${given}', and it is no http or https address`);
    throw new EndpointsError(
      `nothing runs on this machine (no ${file}): run scripts/start, or name an installation with --endpoints`,
    );
  }
  try {
    return readEndpoints(JSON.parse(text));
  } catch (error) {
    throw new EndpointsError(`${file}: ${(error as Error).message}`);
  }
}

/** As scripts/start has it. */
function stateFolder(env: NodeJS.ProcessEnv): string {
  if (env.NIGHTJAR_STATE) return env.NIGHTJAR_STATE;
  if (process.getuid?.() === 0) return '/var/lib/nightjar';
  return join(env.XDG_STATE_HOME || join(homedir(), '.local/state'), 'nightjar');
}

function atOrigin(origin: string): Endpoints {
  try {
    return endpointsAt(origin);
  } catch (error) {
    throw new EndpointsError((error as Error).message);
  }
}
