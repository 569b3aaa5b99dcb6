import { createHash } from 'node:crypto';
import { chmod, cp, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ContainerEngine } from '@nightjar/testkit/containers/container-engine';
import { cacheRoot, fillOnce } from '@nightjar/testkit/servers/cache';
import { onPath, outputOf, runLogged } from '@nightjar/testkit/servers/command';
import { aptGet, mayInstall } from '@nightjar/testkit/servers/fill';
import { say } from '../print.ts';
import { root } from '../root.ts';

const PINS = path.join(root, 'tools/engines/base');
const SUITE = 'bookworm';
/** Counts changes of how it is made. */
const EDITION = 2;

/** Of no use in a base, and different each time. */
const LEFT_OUT = [
  'var/cache',
  'var/log',
  'var/lib/apt/lists',

  'usr/share/man',
  'usr/share/locale',
  'tmp',
];

/**
 * A base for where no image can be pulled, like node:24-bookworm-slim: Debian by debootstrap from this system's mirror, with its
 * security updates of that day, and the pinned Node with npm in /usr/local. It is made once, and kept in the cache.
 */
export async function ownBaseImage(engine: ContainerEngine): Promise<string> {
  const pins = await readFile(path.join(PINS, 'pnpm-lock.yaml'), 'utf8');
  const key = createHash('sha256').update(`${EDITION} ${SUITE} ${pins}`).digest('hex').slice(0, 12);
  const name = `nightjar-base:${key}`;
  if ((await engine.run(['image', 'ls', '--quiet', name])) !== '') return name;
  const folder = path.join(cacheRoot(), 'images', `base-${key}`);
  await fillOnce(folder, async (unfinished) => {
    say(`Making a base image (Debian ${SUITE}, Node 24) in ${folder}: about a minute, once`);
    await makeBase(unfinished, path.join(cacheRoot(), 'logs', `base-${key}.log`));
  });
  await engine.run(['import', path.join(folder, 'rootfs.tar'), name]);
  return name;
}

async function makeBase(folder: string, logFile: string): Promise<void> {
  if (process.getuid?.() !== 0)
    throw new Error('only root can make a base image here: name one that can be pulled, with --base');
  if (!onPath('debootstrap')) {
    if (!mayInstall(process.env))
      throw new Error('debootstrap is missing (Debian: apt-get install debootstrap)');
    await aptGet(['debootstrap'], logFile, say);
  }
  const rootfs = path.join(folder, 'rootfs');
  const { main, all } = await mirrors();
  await runLogged('debootstrap', ['--variant=minbase', SUITE, rootfs, ...main], { logFile });
  if (all.length > 0) {
    await writeFile(path.join(rootfs, 'etc/apt/sources.list'), `${all.join('\n')}\n`);
    await inside(rootfs, logFile, 'apt-get update -q && apt-get upgrade -y -q');
  }
  await addNode(rootfs, path.join(folder, 'node'), logFile);
  for (const each of LEFT_OUT) {
    await rm(path.join(rootfs, each), { recursive: true, force: true });
    await mkdir(path.join(rootfs, each), { recursive: true });
  }
  await chmod(path.join(rootfs, 'tmp'), 0o1777);
  const order = ['--sort=name', '--mtime=@0', '--numeric-owner'];
  await runLogged('tar', [...order, '-C', rootfs, '-cf', path.join(folder, 'rootfs.tar'), '.'], { logFile });
  for (const each of [rootfs, path.join(folder, 'node')]) await rm(each, { recursive: true });
}

/** A private view of mounts and processes, so that nothing of it is left, whatever happens. */
async function inside(rootfs: string, logFile: string, command: string): Promise<void> {
  const script = `cp /etc/resolv.conf "$0/etc/resolv.conf" && mount -t proc proc "$0/proc" && exec chroot "$0" sh -c "$1"`;
  await runLogged(
    'unshare',
    ['--mount', '--pid', '--fork', '--kill-child', 'sh', '-c', script, rootfs, command],
    {
      logFile,
      env: { DEBIAN_FRONTEND: 'noninteractive' },
    },
  );
}

async function addNode(rootfs: string, scratch: string, logFile: string): Promise<void> {
  await mkdir(scratch);
  for (const file of ['package.json', 'pnpm-lock.yaml'])
    await cp(path.join(PINS, file), path.join(scratch, file));
  const args = [
    '--frozen-lockfile',
    '--ignore-scripts',
    '--ignore-workspace',
    '--config.node-linker=hoisted',
  ];
  await runLogged('pnpm', ['install', ...args, '--config.package-import-method=copy'], {
    logFile,
    cwd: scratch,
    env: { CI: 'true' },
  });
  const node = path.join(scratch, 'node_modules', `node-linux-${process.arch}`);
  const local = path.join(rootfs, 'usr/local');
  await cp(path.join(node, 'bin/node'), path.join(local, 'bin/node'));
  await cp(path.join(node, 'LICENSE'), path.join(local, 'LICENSE'));
  await cp(path.join(scratch, 'node_modules/npm'), path.join(local, 'lib/node_modules/npm'), {
    recursive: true,
  });
  await symlink('../lib/node_modules/npm/bin/npm-cli.js', path.join(local, 'bin/npm'));
}

/** Where this system has its packages from; debootstrap knows where to go otherwise. */
async function mirrors(): Promise<{ main: string[]; all: string[] }> {
  const listed =
    (await outputOf('apt-get', [
      'indextargets',
      '--format',
      '$(SITE) $(RELEASE) $(COMPONENT)',
      'Identifier: Packages',
    ])) ?? '';
  const targets = listed
    .split('\n')
    .map((line) => line.split(' '))
    .filter(
      ([, release, component]) =>
        component === 'main' && new RegExp(`^${SUITE}(-updates|-security)?$`).test(release ?? ''),
    );
  const main = targets.find(([, release]) => release === SUITE)?.[0];
  if (!main) return { main: [], all: [] };
  return { main: [main], all: targets.map(([site, release]) => `deb ${site} ${release} main`) };
}
