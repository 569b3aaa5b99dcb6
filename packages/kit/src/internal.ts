import { createServer } from 'node:http';
import type { Listen } from './settings.ts';
import type { Telemetry } from './telemetry.ts';

/** What readiness asks: a name and a check that throws, or says false, when the thing is away. */
export type ReadyCheck = () => boolean | Promise<boolean>;

export interface Internal extends AsyncDisposable {
  /** Where it listens, with the real port. */
  readonly url: string;
  /** The service has come through its start; that stays so. */
  started(): void;
  /** Readiness goes off and stays off: the service drains. */
  drain(): void;
}

const CHECK_MS_MAX = 1_000;

/**
 * The internal side of a service: `/health/live` (the process turns), `/health/started` (it has come through its start,
 * and what it waits for was there once), `/health/ready` (it can do its work now; names what is missing), `/metrics`.
 * Never reached from outside.
 */
export async function startInternal(
  listen: Listen,
  telemetry: Telemetry,
  checks: Readonly<Record<string, ReadyCheck>>,
): Promise<Internal> {
  let started = false;
  let draining = false;
  const server = createServer((request, response) => {
    const answer = (status: number, body: object) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (request.url === '/metrics') return telemetry.metricsHandler(request, response);
    if (request.url === '/health/live') return answer(200, { ok: true });
    if (request.url === '/health/started') return answer(started ? 200 : 503, { ok: started });
    if (request.url !== '/health/ready') return answer(404, {});
    if (draining) return answer(503, { ok: false, draining });
    void failing(checks).then((away) => {
      const missing = started ? away : [...away, 'start'];
      answer(missing.length === 0 ? 200 : 503, { ok: missing.length === 0, missing });
    });
    return undefined;
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(listen.port, listen.host, resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : listen.port;
  return {
    url: `http://${listen.host.includes(':') ? `[${listen.host}]` : listen.host}:${port}`,
    started() {
      started = true;
    },
    drain() {
      draining = true;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function failing(checks: Readonly<Record<string, ReadyCheck>>): Promise<string[]> {
  const results = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => {
      const late = new Promise<boolean>((resolve) => setTimeout(() => resolve(false), CHECK_MS_MAX).unref());
      const ok = await Promise.race([Promise.resolve().then(check), late]).catch(() => false);
      return ok ? [] : [name];
    }),
  );
  return results.flat();
}
