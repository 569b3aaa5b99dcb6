import type { IForbiddenRuleType } from 'dependency-cruiser';

const TEST = '\\.test\\.ts$|/fixtures/';
const TYPES_ONLY: Extract<IForbiddenRuleType, { to: unknown }>['to'] = { dependencyTypesNot: ['type-only'] };

/** What may import what. Each rule has a planted violation beside this file, which must be found. */
export const FORBIDDEN: IForbiddenRuleType[] = [
  {
    name: 'domain-is-pure',
    comment: 'rules and state machines do no input or output: the impure is handed to them',
    severity: 'error',
    from: { path: '^services/[^/]+/src/domain/', pathNot: TEST },
    to: {
      dependencyTypes: ['core'],
      // Hashing is a function of its input. Chance and clocks are looked for by another check.
      pathNot: '^(node:)?(crypto|buffer)$',
    },
  },
  {
    name: 'domain-knows-no-adapter',
    comment: 'domain is imported by stores, handlers and consumers, never the other way round',
    severity: 'error',
    from: { path: '^services/([^/]+)/src/domain/', pathNot: TEST },
    to: {
      path: '^services/[^/]+/src/',
      pathNot: '^services/[^/]+/src/(domain/|errors\\.ts$|limits\\.ts$)',
      ...TYPES_ONLY,
    },
  },
  {
    name: 'domain-knows-no-engine',
    comment: 'a database, a bus and a web framework are impure, and so is what wraps them',
    severity: 'error',
    from: { path: '^services/[^/]+/src/domain/', pathNot: TEST },
    to: {
      path: '(^|node_modules/)(pg|kysely|ioredis|fastify|ws|pino|livekit-server-sdk|@nats-io/[^/]+|@opentelemetry/[^/]+)(/|$)|^packages/kit/src/(?!(ids|problem|rate)\\.ts)',
      ...TYPES_ONLY,
    },
  },
  {
    name: 'a-service-is-alone',
    comment: 'services speak over NATS and HTTP, by contracts',
    severity: 'error',
    from: { path: '^services/([^/]+)/' },
    to: { path: '^services/', pathNot: '^services/$1/' },
  },
  {
    name: 'only-service-wires',
    comment: 'one file puts a service together; programs start that file',
    severity: 'error',
    from: {
      path: '^services/[^/]+/(src|server)/',
      pathNot: `${TEST}|^services/[^/]+/(src|server)/(main|service)\\.ts$`,
    },
    to: { path: '^services/[^/]+/(src|server)/(service|main)\\.ts$', ...TYPES_ONLY },
  },
  {
    name: 'config-is-read-once',
    comment: 'only what starts a process reads its settings',
    severity: 'error',
    from: {
      path: '^services/[^/]+/(src|server)/',
      pathNot: `${TEST}|^services/[^/]+/(src|server)/(main|service|migrate|migrations|operator|keygen)(\\.ts$|/)`,
    },
    to: { path: '^services/[^/]+/(src|server)/config\\.ts$', ...TYPES_ONLY },
  },
  {
    name: 'stores-know-no-surface',
    comment: 'queries do not know who asks',
    severity: 'error',
    from: { path: '^services/[^/]+/src/store/', pathNot: TEST },
    to: { path: '^services/[^/]+/src/(http|rpc|consumers)/', ...TYPES_ONLY },
  },
  {
    name: 'packages-know-no-service',
    comment: 'what several import stands below all of them',
    severity: 'error',
    from: { path: '^packages/' },
    to: { path: '^services/' },
  },
  {
    name: 'pages-know-the-client-only',
    comment: 'a page runs at strangers, and has no business with what a service is made of',
    severity: 'error',
    from: { path: '^services/web/', pathNot: '^services/web/(server|test)/' },
    to: { path: '^packages/', pathNot: '^packages/(client|sealed|bridge|contracts)/' },
  },
  {
    name: 'pages-and-their-server-are-apart',
    comment: 'one runs at strangers, the other hands out files: neither is made of the other',
    severity: 'error',
    from: { path: '^services/web/(src|server)/' },
    to: { path: '^services/web/(src|server)/', pathNot: '^services/web/$1/' },
  },
  {
    name: 'product-knows-no-test',
    comment: 'what is shipped does not need what tests and scripts are made of',
    severity: 'error',
    from: { path: '^(services|packages)/[^/]+/(src|server)/', pathNot: `${TEST}|^packages/testkit/` },
    to: { path: '^(packages/testkit|scripts|tests|tools)/' },
  },
  {
    name: 'no-cycles',
    comment: 'files that need each other are one file',
    severity: 'error',
    from: {},
    to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
  },
];
