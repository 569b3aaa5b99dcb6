import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { startInternal } from '@nightjar/kit/internal';
import { createLog, type Log } from '@nightjar/kit/log';
import type { Listen } from '@nightjar/kit/settings';
import { startTelemetry } from '@nightjar/kit/telemetry';
import type { Config } from './config.ts';
import { drain, sayGoing } from './drain.ts';
import { configCapnp } from './workerd/config-capnp.ts';
import { connectionsTo, remotesOf } from './workerd/open-sockets.ts';
import { startWorkerd } from './workerd/process.ts';

export interface RunningEdge extends AsyncDisposable {
  readonly urls: { readonly http: string; readonly internal: string };
  /** Rejects when workerd ends by itself: without it there is no edge. */
  readonly died: Promise<never>;
}

/** Starts the edge: writes workerd's configuration, runs workerd, and stands beside it with health and the drain. */
export async function start(
  config: Config,
  overrides: { log?: Log; bundle?: string } = {},
): Promise<RunningEdge> {
  await using stack = new AsyncDisposableStack();
  const log = overrides.log ?? createLog('edge', config.logLevel);
  const telemetry = stack.use(startTelemetry('edge', config.otlpUrl));
  const http = urlOf(config.httpListen);
  const internal = stack.use(
    await startInternal(config.internalListen, telemetry, {
      door: async () => (await fetch(`${http}/site.json`)).ok,
    }),
  );
  const instance = `edge_${randomUUID()}`;
  const workerd = stack.use(
    await startWorkerd({
      config: configCapnp(workerdConfig(config, instance)),
      bundle: overrides.bundle ?? fileURLToPath(new URL('./worker.js', import.meta.url)),
      ready: `${http}/site.json`,
    }),
  );
  let [going, gone] = [false, false];
  const died = workerd.gone.then((): Promise<never> => {
    gone = true;
    if (going) return new Promise(() => {});
    throw new Error('workerd ended by itself');
  });
  died.catch(() => {});
  stack.defer(async () => {
    going = true;
    internal.drain();
    if (gone) return;
    const events = await remotesOf(config.eventsUrl);
    const left = await drain(
      () =>
        sayGoing({ ...config, instance }).catch((error: unknown) => log.warn('going_not_said', { error })),
      () => (gone ? 0 : connectionsTo(workerd.pid, events)),
    );
    if (left !== 0) log.warn('sockets_cut', { ...(left === undefined ? {} : { count: left }) });
  });
  internal.started();
  log.info('serving', { listen: http });
  const running = stack.move();
  return {
    urls: { http, internal: internal.url },
    died,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

function workerdConfig(config: Config, instance: string) {
  return {
    worker: 'worker.js',
    listen: config.httpListen,
    testListen: config.testListen,
    upstreams: {
      AUTH: config.authUrl,
      ROOMS: config.roomsUrl,
      PAYMENTS: config.paymentsUrl,
      EVENTS: config.eventsUrl,
      GEOFENCE: config.geofenceUrl,
      LIVEKIT: config.livekitUrl,
      PAGES: config.webUrl,
      // With connections of its own: whoever asks again is to get to another pod.
      PAGES_AGAIN: config.webUrl,
    },
    // What `Env` of the Worker has: see worker/env.ts.
    json: {
      EDGE: {
        instance,
        addressFrom: 'connection',
        trustedHops: config.trustedHops,
        publicOrigin: config.publicOrigin,
        fencePublicKeys: config.fencePublicKeys,
        site: { name: config.siteName, ageConfirmation: config.ageConfirmation, play: config.playMoney },
        upstreams: {},
      },
    },
    texts: { FACTS_KEY: config.edgeKey },
  };
}

function urlOf({ host, port }: Listen): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
