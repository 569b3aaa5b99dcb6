import { chmod, mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { ContainerEngine } from '@nightjar/testkit/containers/container-engine';
import type { BuiltImage, ImageName } from '../../../scripts/lib/images.ts';
import { say } from '../../lib/print.ts';
import { until } from '../../lib/until.ts';

/** As a restricted pod runs it, and without any network. */
const RESTRICTED = [
  ...['--pull', 'never', '--network', 'none', '--read-only', '--tmpfs', '/tmp'],
  ...['--cap-drop', 'ALL', '--security-opt', 'no-new-privileges', '--user', '65532:65532'],
];

const SETTINGS_MISSING = /Settings are wrong:\n {2}NIGHTJAR_\w+: not set/;

/** What a program says that is started with nothing given. */
const ALONE: readonly { image: ImageName; args?: readonly string[]; says: RegExp }[] = [
  ...(['auth', 'rooms', 'payments', 'events', 'geofence', 'edge', 'web'] as const).map((image) => ({
    image,
    says: SETTINGS_MISSING,
  })),
  ...(['auth', 'rooms', 'payments', 'geofence'] as const).map((image) => ({
    image,
    args: ['dist/migrate.js'],
    says: SETTINGS_MISSING,
  })),
  { image: 'auth', args: ['dist/operator.js'], says: /broadcaster add/ },
  { image: 'setup', says: /secrets .*makes passwords/ },
  { image: 'demo', args: ['dist/main.js', '--help'], says: /goes live in the room/ },
  // Its native part, with a picture of its own; there is nobody to send it to.
  {
    image: 'demo',
    args: [
      '--eval',
      `import('@livekit/rtc-node').then(async (rtc) => {
         const source = new rtc.VideoSource(16, 16);
         source.captureFrame(new rtc.VideoFrame(new Uint8Array(16 * 16 * 4), 16, 16, rtc.VideoBufferType.RGBA));
         await rtc.dispose();
         console.log('a frame was taken');
       })`,
    ],
    says: /a frame was taken/,
  },
  {
    image: 'web',
    args: ['--eval', `require('fs').writeFileSync('/app/dist/main.js', '')`],
    says: /EROFS|EACCES/,
  },
];

/** Those that need nobody: they come up, say so, and go in order when they are told. */
const BY_THEMSELVES: readonly { image: ImageName; env: Readonly<Record<string, string>>; page: string }[] = [
  { image: 'web', env: {}, page: '/index.html' },
  {
    image: 'edge',
    env: {
      NIGHTJAR_EDGE_KEY_FILE: '/keys/edge-key',
      NIGHTJAR_FENCE_PUBLIC_KEYS_FILE: '/keys/fence-public-keys',
      ...Object.fromEntries(
        ['AUTH', 'ROOMS', 'PAYMENTS', 'EVENTS', 'GEOFENCE', 'LIVEKIT', 'WEB'].map((name) => [
          `NIGHTJAR_${name}_URL`,
          'http://127.0.0.1:9',
        ]),
      ),
    },
    page: '/site.json',
  },
];

export async function judgeStarts(
  engine: ContainerEngine,
  images: readonly BuiltImage[],
  folder: string,
  signal: AbortSignal,
): Promise<string[]> {
  const reference = (image: ImageName) =>
    images.find(({ name }) => name === image)?.reference ?? `nightjar-${image}`;
  const faults: string[] = [];
  for (const { image, args = [], says } of ALONE) {
    signal.throwIfAborted();
    const said = await engine
      .run(['run', '--rm', ...RESTRICTED, reference(image), ...args])
      .catch((error: Error) => error.message);
    if (!says.test(said)) faults.push(`${reference(image)} ${args[0] ?? ''} says:\n${said}`);
  }
  say(`${ALONE.length} starts with nothing given`);

  // The keys are made by the images' own programs.
  const keys = path.join(folder, 'keys');
  await mkdir(keys);
  await chmod(keys, 0o777);
  for (const [image, pair] of [
    ['edge', 'edge'],
    ['geofence', 'fence'],
  ] as const) {
    const files = [`/keys/${pair}-key`, `/keys/${pair}-public-keys`];
    await engine.run([
      'run',
      '--rm',
      ...RESTRICTED,
      '--volume',
      `${keys}:/keys`,
      reference(image),
      'dist/keygen.js',
      ...files,
    ]);
  }
  for (const { image, env, page } of BY_THEMSELVES) {
    signal.throwIfAborted();
    const fault = await comesAndGoes(engine, reference(image), { env, page, keys }).catch(
      (error: Error) => error.message,
    );
    if (fault) faults.push(`${reference(image)}: ${fault}`);
    else say(`${reference(image)} came up, served ${page} and went in order`);
  }
  return faults;
}

async function comesAndGoes(
  engine: ContainerEngine,
  image: string,
  { env, page, keys }: { env: Readonly<Record<string, string>>; page: string; keys: string },
): Promise<string | undefined> {
  const settings = {
    NIGHTJAR_HTTP_LISTEN: '0.0.0.0:8080',
    NIGHTJAR_INTERNAL_LISTEN: '0.0.0.0:8081',
    ...env,
  };
  const variables = Object.entries(settings).flatMap(([name, value]) => ['--env', `${name}=${value}`]);
  const container = (
    await engine.run(['run', '--detach', ...RESTRICTED, '--volume', `${keys}:/keys:ro`, ...variables, image])
  ).trim();
  const fetches = (url: string) =>
    engine.run([
      'exec',
      container,
      '/usr/local/bin/node',
      '--eval',
      `fetch('${url}').then((answer) => process.exit(answer.ok ? 0 : 1))`,
    ]);
  try {
    await until(`${image} is ready`, () =>
      fetches('http://127.0.0.1:8081/health/ready').then(
        () => true,
        () => false,
      ),
    );
    await fetches(`http://127.0.0.1:8080${page}`);
    await engine.run(['stop', '--time', '20', container]);
    const code = (await engine.run(['inspect', '--format', '{{.State.ExitCode}}', container])).trim();
    return code === '0' ? undefined : `ended with ${code}`;
  } catch (error) {
    return `${(error as Error).message}\n${await engine.run(['logs', container])}`;
  } finally {
    await engine.run(['rm', '--force', container]);
  }
}
