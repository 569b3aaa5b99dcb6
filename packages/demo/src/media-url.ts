import { type Endpoints, toSocketUrl } from '@nightjar/client/endpoints';

/**
 * Where LiveKit is asked. Behind one origin stands the edge, which has LiveKit's signalling too: then it is asked there,
 * and not where the public address leads, which from inside a cluster may be nowhere.
 */
export function mediaUrl(endpoints: Endpoints, granted: string): string {
  const [first, ...others] = Object.values(endpoints) as [string, ...string[]];
  return others.every((base) => base === first) ? toSocketUrl(first) : granted;
}
