import { type Endpoints, endpointsAt } from '@nightjar/client/endpoints';
import { createHttpClient, type HttpClient } from '@nightjar/client/http';

/** Everything behind the one door that this page came through: no page asks another host. */
export const endpoints: Endpoints = endpointsAt(location.origin);

export const http: HttpClient = createHttpClient();

/** LiveKit's signalling, through the gate of the same door. */
export function mediaUrl(): string {
  return location.origin.replace(/^http/, 'ws');
}
