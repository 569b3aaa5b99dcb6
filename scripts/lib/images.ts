import { existsSync } from 'node:fs';
import { readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { ContainerEngine } from '@nightjar/testkit/containers/container-engine';
import { outputOf } from '@nightjar/testkit/servers/command';
import { ownBaseImage } from './images/base-image.ts';
import { say, seconds } from './print.ts';
import { root } from './root.ts';

/** Programs with an image of their own: the names of their folders in services/ or packages/. */
export const IMAGE_NAMES = [
  'auth',
  'rooms',
  'payments',
  'events',
  'geofence',
  'edge',
  'web',
  'setup',
  'demo',
] as const;
export type ImageName = (typeof IMAGE_NAMES)[number];

export interface BuildOptions {
  /** All of them unless given. */
  readonly names?: readonly ImageName[];
  readonly tag?: string;
  /** Debian with Node 24. Unless given: the usual one by an engine that can pull, one made here for our own. */
  readonly base?: string | undefined;
}

export interface BuiltImage {
  readonly name: ImageName;
  /** `nightjar-auth:dev` */
  readonly reference: string;
  readonly id: string;
  readonly bytes: number;
  /** Without those of layers that are the same in every image of ours: Node and the system's files. */
  readonly ownBytes: number;
}

export const TAG_DEFAULT = 'dev';

/** Builds images of this checkout as it is, one after the other: most of their steps are the same, and are done once. */
export async function buildImages(
  engine: ContainerEngine,
  options: BuildOptions = {},
): Promise<BuiltImage[]> {
  const { names = IMAGE_NAMES, tag = TAG_DEFAULT } = options;
  const base = options.base ?? (engine.own ? await ownBaseImage(engine) : undefined);
  const given = await buildArguments(base);
  const built: BuiltImage[] = [];
  for (const name of names) {
    const start = performance.now();
    const reference = `nightjar-${name}:${tag}`;
    await engine.run(['build', ...given, '--build-arg', `SERVICE=${name}`, '--tag', reference, '.'], {
      cwd: root,
    });
    built.push(await describe(engine, name, reference));
    say(`${seconds(performance.now() - start)}  ${reference}`);
  }
  // What the tags pointed to before.
  if (engine.own) await engine.run(['image', 'prune', '--force']);
  return built;
}

/** Writes images into one file, for `docker load` or `ctr images import`. */
export async function saveImages(
  engine: ContainerEngine,
  references: readonly string[],
  file: string,
): Promise<void> {
  const unfinished = `${path.resolve(file)}.part`;
  try {
    await engine.run(['save', '--output', unfinished, ...references]);
    await rename(unfinished, file);
  } finally {
    await rm(unfinished, { force: true });
  }
}

async function buildArguments(base: string | undefined): Promise<string[]> {
  const { version } = JSON.parse(await readFile(path.join(root, 'services/auth/package.json'), 'utf8')) as {
    version: string;
  };
  const revision = (await outputOf('git', ['-C', root, 'rev-parse', 'HEAD']))?.trim() ?? '';
  return [
    // Of a build: there may be no bridge.
    ...['--network', 'host', '--progress', 'plain'],
    ...(base === undefined ? [] : ['--build-arg', `BASE=${base}`]),
    ...['--build-arg', `VERSION=${version}`, '--build-arg', `REVISION=${revision}`],
    ...proxies(process.env),
    ...secret('ca', process.env.NODE_EXTRA_CA_CERTS),
    ...secret('npmrc', process.env.NPM_CONFIG_USERCONFIG ?? path.join(process.env.HOME ?? '/', '.npmrc')),
  ];
}

/** Docker knows these by itself, in both cases, and leaves them out of an image and its history. */
const PROXIES = ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY'].flatMap((name) => [name, name.toLowerCase()]);

/** By name alone: Docker takes the value from our environment, and a password in it is not seen among the arguments. */
export function proxies(env: NodeJS.ProcessEnv): string[] {
  return PROXIES.filter((name) => env[name]).flatMap((name) => ['--build-arg', name]);
}

/** This machine's own way to a registry; in no layer of the image. */
function secret(id: string, file: string | undefined): string[] {
  return file && existsSync(file) ? ['--secret', `id=${id},src=${file}`] : [];
}

async function describe(engine: ContainerEngine, name: ImageName, reference: string): Promise<BuiltImage> {
  const [id = '', size] = (await engine.run(['image', 'inspect', '--format', '{{.Id}} {{.Size}}', reference]))
    .trim()
    .split(' ');
  // The newest step is first; the first layer of all is the oldest one that is not empty.
  const steps = (await engine.run(['history', '--human=false', '--format', '{{.Size}}', reference]))
    .trim()
    .split('\n');
  const shared = steps.map(Number).findLast((bytes) => bytes > 0) ?? 0;
  return { name, reference, id, bytes: Number(size), ownBytes: Number(size) - shared };
}
