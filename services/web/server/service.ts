import { fileURLToPath } from 'node:url';
import { startInternal } from '@nightjar/kit/internal';
import { createLog, type Log } from '@nightjar/kit/log';
import { startTelemetry } from '@nightjar/kit/telemetry';
import { readBuiltFiles } from './built-files.ts';
import type { Config } from './config.ts';
import { buildHttp } from './http.ts';

export interface RunningWeb extends AsyncDisposable {
  readonly urls: { readonly http: string; readonly internal: string };
}

/** Beside the service, once both are built. */
const OWN_PAGES = fileURLToPath(new URL('./pages', import.meta.url));

/** Starts web: reads the build, and serves what it read. It needs nobody, so it is ready as soon as it serves. */
export async function start(config: Config, overrides: { log?: Log } = {}): Promise<RunningWeb> {
  await using stack = new AsyncDisposableStack();
  const log = overrides.log ?? createLog('web', config.logLevel);
  const telemetry = stack.use(startTelemetry('web', config.otlpUrl));
  let serving = false;
  const internal = stack.use(await startInternal(config.internalListen, telemetry, { pages: () => serving }));
  const files = await readBuiltFiles(config.pagesFolder || OWN_PAGES);
  const app = await buildHttp({ files, log });
  stack.defer(() => app.close());
  const http = await app.listen({ host: config.httpListen.host, port: config.httpListen.port });
  serving = true;
  stack.defer(() => internal.drain());
  internal.started();
  log.info('started');
  const running = stack.move();
  return { urls: { http, internal: internal.url }, [Symbol.asyncDispose]: () => running.disposeAsync() };
}
