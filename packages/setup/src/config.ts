import {
  COMMON_SETTINGS,
  readSettings,
  type Setting,
  type Settings,
  SettingsError,
  streamCopies,
  text,
  type Values,
} from '@nightjar/kit/settings';

const { logLevel } = COMMON_SETTINGS;

/** In a Deployment's pod, where the Secret of setup is mounted. */
const SETUP_FOLDER = '/run/secrets/nightjar';

const store: Setting<string> = {
  name: 'NIGHTJAR_SECRETS_STORE',
  doc: 'where secrets are kept: `kubernetes`, or a folder, in which key Y of Secret X is the file X/Y',
  parse(value) {
    if (value === 'kubernetes' || value.startsWith('/')) return value;
    throw new SettingsError('must be kubernetes, or the whole path of a folder');
  },
};

const prefix: Setting<string> = {
  name: 'NIGHTJAR_SECRETS_PREFIX',
  doc: 'how the names of all Secrets begin, such as nightjar',
  parse(value) {
    if (/^[a-z0-9]([a-z0-9-]{0,51}[a-z0-9])?$/.test(value)) return value;
    throw new SettingsError('must be at most 53 small letters, digits and hyphens');
  },
};

const labels: Setting<Readonly<Record<string, string>>> = {
  name: 'NIGHTJAR_SECRETS_LABELS',
  doc: 'labels of all Secrets in Kubernetes, a JSON object of texts',
  fallback: '{}',
  parse(value) {
    const labelled = jsonOf(value);
    if (
      typeof labelled === 'object' &&
      labelled !== null &&
      Object.values(labelled).every((each) => typeof each === 'string')
    )
      return labelled as Record<string, string>;
    throw new SettingsError('must be a JSON object whose values are texts');
  },
};

const livekitNamespace: Setting<string | undefined> = {
  name: 'NIGHTJAR_LIVEKIT_NAMESPACE',
  doc: "the namespace that LiveKit's Secret is for; empty: it gets none. Of a folder it makes a difference only whether it is empty",
  fallback: '',
  parse: (value) => (value === '' ? undefined : value),
};

const sum: Setting<string | undefined> = {
  name: 'NIGHTJAR_SECRETS_SUM',
  doc: 'a sum of what the Secrets are made from: each then has a key made-for-<sum>, for which pods can wait; empty: none',
  fallback: '',
  parse(value) {
    if (/^[a-z0-9]{0,64}$/.test(value)) return value === '' ? undefined : value;
    throw new SettingsError('must be at most 64 small letters and digits');
  },
};

const setupFolder = text(
  'NIGHTJAR_SETUP_FOLDER',
  'the folder with the files of the Secret of setup, as `secrets` makes it',
  { fallback: SETUP_FOLDER },
);

export const SECRETS_SETTINGS = {
  store,
  prefix,
  labels,
  givenFolder: text(
    'NIGHTJAR_GIVEN_FOLDER',
    'a folder of files that are taken in the place of what would be made, by the name of the entry; empty: none',
    { fallback: '' },
  ),
  postgresServer: server('NIGHTJAR_POSTGRES_SERVER', 'PostgreSQL, postgres://host:port/database', {
    protocols: ['postgres', 'postgresql'],
    database: true,
  }),
  natsServer: server('NIGHTJAR_NATS_SERVER', 'NATS, nats://host:port or tls://host:port', {
    protocols: ['nats', 'tls'],
  }),
  redisServer: server(
    'NIGHTJAR_REDIS_SERVER',
    'Redis or Valkey, redis://host:port or rediss://host:port; empty where redis-url is given',
    { protocols: ['redis', 'rediss'], fallback: '' },
  ),
  livekitKey: text('NIGHTJAR_LIVEKIT_KEY', "the name of LiveKit's API key", { fallback: 'nightjar' }),
  livekitNamespace,
  sum,
  logLevel,
} as const satisfies Settings;

export const POSTGRES_SETTINGS = { setupFolder, logLevel } as const satisfies Settings;

export const STREAMS_SETTINGS = {
  setupFolder,
  streamCopies: {
    ...streamCopies,
    doc: 'copies that NATS is to keep of streams and buckets; more than 1 takes a cluster',
  },
  logLevel,
} as const satisfies Settings;

/** Every setting of setup, for whichever of its commands. */
export const SETUP_SETTINGS = {
  ...SECRETS_SETTINGS,
  ...POSTGRES_SETTINGS,
  ...STREAMS_SETTINGS,
} as const satisfies Settings;

/**
 * Reads the settings of one command. Those of the others may be there too, so that one environment serves all of them.
 *
 * @throws SettingsError with every fault in it
 */
export function readFor<S extends Settings>(settings: S, env: NodeJS.ProcessEnv): Values<S> {
  const own = new Set(Object.values(settings).map(({ name }) => name as string));
  const others = Object.values(SETUP_SETTINGS)
    .map(({ name }) => name as string)
    .filter((name) => !own.has(name));
  return readSettings(
    settings,
    Object.fromEntries(Object.entries(env).filter(([name]) => !others.includes(name))),
  );
}

function server(
  name: `NIGHTJAR_${string}`,
  doc: string,
  { protocols, database = false, fallback }: { protocols: string[]; database?: boolean; fallback?: string },
): Setting<string> {
  return {
    name,
    doc: `the address of ${doc}; no user and no password stand in it`,
    ...(fallback === undefined ? {} : { fallback }),
    parse(value) {
      if (value === '' && fallback === '') return '';
      const url = URL.parse(value);
      if (!url?.hostname || !protocols.includes(url.protocol.slice(0, -1)))
        throw new SettingsError(`must be ${protocols.map((protocol) => `${protocol}://…`).join(' or ')}`);
      if (url.username || url.password)
        throw new SettingsError('must have no user and no password: they are made, or given as a secret');
      if (database && !/^\/[^/]+$/.test(url.pathname))
        throw new SettingsError('must name a database: postgres://host:port/database');
      return value;
    },
  };
}

function jsonOf(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}
