/**
 * Writes docs/reference from the code that defines what it says: the merged OpenAPI document, the errors, the settings, the
 * users of NATS (those also as the chart has them), the chart's values and connections.
 * `scripts/check` runs it with `--check` and fails where a committed page differs.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { CLOSE } from '@nightjar/contracts/ws-protocol';
import type { Http } from '@nightjar/kit/http';
import { silentLog } from '@nightjar/kit/log';
import { COMMON_PROBLEMS, HTTP_STATUS, Problem, type ProblemTable } from '@nightjar/kit/problem';
import type { Settings } from '@nightjar/kit/settings';
import { SETUP_SETTINGS } from '@nightjar/setup/config';
import { EDGE_SETTINGS } from '../services/edge/src/config.ts';
import { WEB_SETTINGS } from '../services/web/server/config.ts';
import { chartNetworkPage } from './lib/chart-network.ts';
import { chartValuesPage } from './lib/chart-values.ts';
import { composeNatsConfig, natsPermissionsFile, natsUsersPage } from './lib/nats-users.ts';
import { root } from './lib/root.ts';

const SERVICES = ['auth', 'rooms', 'payments', 'events', 'geofence'] as const;

interface ServiceModules {
  readonly name: string;
  readonly document: OpenApi;
  readonly problems: ProblemTable;
  readonly settings: Settings;
}

interface OpenApi {
  paths: Record<string, unknown>;
  components?: { schemas?: Record<string, unknown>; securitySchemes?: Record<string, unknown> };
}

async function load(name: string): Promise<ServiceModules> {
  const at = (file: string) => path.join(root, 'services', name, 'src', file);
  const { buildHttp } = (await import(at('http/app.ts'))) as {
    buildHttp: (context: unknown) => Promise<Http>;
  };
  const prefix = name.toUpperCase();
  const { [`${prefix}_PROBLEMS`]: problems } = (await import(at('errors.ts'))) as Record<
    string,
    ProblemTable
  >;
  const { [`${prefix}_SETTINGS`]: settings } = (await import(at('config.ts'))) as Record<string, Settings>;
  if (!problems || !settings)
    throw new Error(`${name} does not export ${prefix}_PROBLEMS and ${prefix}_SETTINGS`);
  const app = await buildHttp({ log: silentLog });
  await app.ready();
  const document = app.swagger() as unknown as OpenApi;
  await app.close();
  return { name, document, problems, settings };
}

function merged(services: readonly ServiceModules[]): string {
  const paths: Record<string, unknown> = {};
  const schemas: Record<string, unknown> = {};
  const securitySchemes: Record<string, unknown> = {};
  for (const { name, document } of services) {
    for (const [route, operations] of Object.entries(document.paths)) {
      const before = paths[route] as object | undefined;
      // Two services may serve one path by different methods, never the same one.
      for (const method of Object.keys(operations as object))
        if (before && method in before) throw new Error(`${name}: ${method} ${route} is another service's`);
      paths[route] = { ...before, ...(operations as object) };
    }
    Object.assign(schemas, document.components?.schemas);
    Object.assign(securitySchemes, document.components?.securitySchemes);
  }
  const sorted = Object.fromEntries(Object.entries(paths).sort(([a], [b]) => a.localeCompare(b)));
  const document = {
    openapi: '3.1.0',
    info: {
      title: 'Nightjar',
      version: '1',
      description:
        'What is asked and not streamed. Errors are RFC 9457 problems; their codes are in errors.md.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    paths: sorted,
    components: { schemas, ...(Object.keys(securitySchemes).length > 0 ? { securitySchemes } : {}) },
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function errorsPage(services: readonly ServiceModules[]): string {
  const rows = new Map<string, string>();
  const add = (table: ProblemTable, where: string) => {
    for (const [code, [kind, text]] of Object.entries(table)) {
      const retry = new Problem(kind, code, text).retry ? 'yes' : 'no';
      rows.set(`${code} ${where}`, `| \`${code}\` | ${HTTP_STATUS[kind]} | ${retry} | ${text} | ${where} |`);
    }
  };
  add(COMMON_PROBLEMS, 'all');
  for (const { name, problems } of services) add(problems, name);
  const closes = Object.entries(CLOSE).map(
    ([name, { code, retry, why }]) => `| ${code} | ${name} | ${retry ? 'yes' : 'no'} | ${why} |`,
  );
  return `# Errors

Made from the code by \`scripts/reference\`. REST answers them as RFC 9457 problems (\`application/problem+json\`), the WebSocket as
\`error\` messages with the same codes. Codes are stable; texts are for people and may change.

| code | status | try the same again | text | from |
|---|---|---|---|---|
${[...rows.entries()]
  .sort(([a], [b]) => a.localeCompare(b))
  .map(([, row]) => row)
  .join('\n')}

## Why a WebSocket is closed

| code | name | come back by itself | why |
|---|---|---|---|
${closes.join('\n')}
`;
}

function settingsPage(services: readonly Pick<ServiceModules, 'name' | 'settings'>[]): string {
  const parts = services.map(({ name, settings }) => {
    const rows = Object.values(settings).map(
      (setting) =>
        `| \`${setting.name}\` | ${setting.doc} | ${setting.fallback === undefined ? 'must be set' : setting.fallback === '' ? 'empty' : `\`${setting.fallback}\``} |`,
    );
    return `## ${name}\n\n| variable | what it is | default |\n|---|---|---|\n${rows.join('\n')}\n`;
  });
  return `# Settings

Made from the code by \`scripts/reference\`. Settings come from the environment; a \`NIGHTJAR_*\` variable that a service does not know
stops it. What ends in \`_FILE\` names a file with a secret.

${parts.join('\n')}`;
}

const services = await Promise.all(SERVICES.map(load));
const pages: Record<string, string> = {
  'docs/reference/openapi.json': merged(services),
  'docs/reference/errors.md': errorsPage(services),
  // The edge and web serve no operation of their own.
  'docs/reference/settings.md': settingsPage([
    ...services,
    { name: 'edge', settings: EDGE_SETTINGS },
    { name: 'setup', settings: SETUP_SETTINGS },
    { name: 'web', settings: WEB_SETTINGS },
  ]),
  'docs/reference/nats-users.md': natsUsersPage(),
  'helm/nightjar/files/nats-permissions.json': natsPermissionsFile(),
  'deploy/compose/nats.conf': composeNatsConfig(),
  'docs/operate/values.md': await chartValuesPage(),
  'docs/operate/network.md': await chartNetworkPage(),
};
const checking = process.argv.includes('--check');
const stale: string[] = [];
for (const [name, text] of Object.entries(pages)) {
  const file = path.join(root, name);
  const before = await readFile(file, 'utf8').catch(() => '');
  if (before === text) continue;
  if (checking) {
    stale.push(name);
    continue;
  }
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, text);
}
if (stale.length > 0) {
  process.stderr.write(`older than the code: ${stale.join(', ')}. Run scripts/reference and commit.\n`);
  process.exit(1);
}
