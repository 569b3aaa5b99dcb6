import type { Env } from './env.ts';
import type { UpstreamName } from './routes.ts';

/**
 * Asks a service: by its binding, or by its URL where none is bound. Throws when it is not to be had.
 *
 * @param target path and query
 */
export function askUpstream(
  env: Env,
  name: UpstreamName,
  target: string,
  init: RequestInit,
): Promise<Response> {
  const binding = env[name.toUpperCase() as Uppercase<UpstreamName>];
  const base = env.EDGE.upstreams[name];
  if (!binding && !base) throw new Error(`nothing leads to ${name}`);
  const url = `${(base ?? `http://${name}`).replace(/\/$/, '')}${target}`;
  const request = { ...init, redirect: 'manual' } as const;
  return binding ? binding.fetch(url, request) : fetch(url, request);
}
