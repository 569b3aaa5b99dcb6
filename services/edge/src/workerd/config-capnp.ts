import type { Listen } from '@nightjar/kit/settings';

export interface WorkerdConfig {
  /** The name of the bundle, beside the file of the configuration. */
  readonly worker: string;
  readonly listen: Listen;
  /** For tests: a door at which a client says by a header where it comes from. */
  readonly testListen: Listen | undefined;
  /** By the name of their binding: base URLs, http or https. Each binding has connections of its own. */
  readonly upstreams: Readonly<Record<string, string>>;
  readonly json: Readonly<Record<string, unknown>>;
  readonly texts: Readonly<Record<string, string>>;
}

/** Fixed, so that a newer workerd does not change what the Worker does. */
const COMPATIBILITY_DATE = '2026-11-01';
/** Of the test door alone. At the public one anybody could say so that they come from anywhere. */
export const TEST_FACTS_HEADER = 'cf-blob';

/** workerd's configuration in Cap'n Proto's text form. */
export function configCapnp(config: WorkerdConfig): string {
  const upstreams = Object.entries(config.upstreams);
  const sockets = [
    `(name = "http", address = ${address(config.listen)}, http = (), service = "edge")`,
    ...(config.testListen
      ? [
          `(name = "test", address = ${address(config.testListen)}, http = (cfBlobHeader = ${quoted(TEST_FACTS_HEADER)}), service = "edge")`,
        ]
      : []),
  ];
  const bindings = [
    ...upstreams.map(([name]) => `(name = ${quoted(name)}, service = ${quoted(serviceOf(name))})`),
    ...Object.entries(config.json).map(
      ([name, value]) => `(name = ${quoted(name)}, json = ${quoted(JSON.stringify(value))})`,
    ),
    ...Object.entries(config.texts).map(
      ([name, value]) => `(name = ${quoted(name)}, text = ${quoted(value)})`,
    ),
  ];
  return `using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "edge", worker = .edge),
    (name = "nowhere", network = (allow = [])),
    ${upstreams.map(([name, base]) => `(name = ${quoted(serviceOf(name))}, external = ${external(base)})`).join(',\n    ')},
  ],
  sockets = [
    ${sockets.join(',\n    ')},
  ],
);

const edge :Workerd.Worker = (
  modules = [(name = "worker.js", esModule = embed ${quoted(config.worker)})],
  compatibilityDate = ${quoted(COMPATIBILITY_DATE)},
  globalOutbound = "nowhere",
  bindings = [
    ${bindings.join(',\n    ')},
  ],
);
`;
}

function serviceOf(binding: string): string {
  return `upstream-${binding.toLowerCase()}`;
}

function external(base: string): string {
  const url = new URL(base);
  const secure = url.protocol === 'https:' || url.protocol === 'wss:';
  const at = quoted(`${url.hostname}:${url.port || (secure ? 443 : 80)}`);
  return secure
    ? `(address = ${at}, https = (options = (), tlsOptions = (trustBrowserCas = true)))`
    : `(address = ${at}, http = ())`;
}

function address({ host, port }: Listen): string {
  return quoted(`${host.includes(':') ? `[${host}]` : host}:${port}`);
}

/** A text in Cap'n Proto's notation, which knows C's escapes. */
export function quoted(text: string): string {
  const escaped = text.replace(/["\\\p{Cc}]/gu, (letter) =>
    letter === '"' || letter === '\\'
      ? `\\${letter}`
      : Buffer.from(letter).toString('hex').replace(/../g, '\\x$&'),
  );
  return `"${escaped}"`;
}
