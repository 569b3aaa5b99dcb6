import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { homedir } from 'node:os';
import path from 'node:path';

/** Where engines are kept: per user, outside the checkout, shared by all clones. */
export function cacheRoot(env: NodeJS.ProcessEnv = process.env, uid = process.getuid?.()): string {
  if (env.NIGHTJAR_CACHE) return path.resolve(env.NIGHTJAR_CACHE);
  if (uid === 0) return '/var/cache/nightjar';
  return path.join(env.XDG_CACHE_HOME || path.join(env.HOME ?? homedir(), '.cache'), 'nightjar');
}

/**
 * Fills a folder of the cache once. Of several processes one fills and the others wait; half a folder is never seen,
 * since it is made beside its place and renamed.
 */
export async function fillOnce(folder: string, fill: (unfinished: string) => Promise<void>): Promise<void> {
  if (existsSync(folder)) return;
  await mkdir(path.dirname(folder), { recursive: true, mode: 0o755 });
  await using _ = await lock(folder);
  if (existsSync(folder)) return;
  const unfinished = await mkdtemp(path.join(path.dirname(folder), `.filling-${path.basename(folder)}-`));
  try {
    await chmod(unfinished, 0o755);
    await fill(unfinished);
    await rename(unfinished, folder);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

/** A lock among processes of this machine that the kernel frees when its holder dies: a name in the abstract socket space. */
export async function lock(name: string, onWait?: () => void): Promise<AsyncDisposable> {
  const address = `\0nightjar-${createHash('sha256').update(name).digest('hex')}`;
  for (;;) {
    const held = await tryLock(address);
    if (held) return held;
    onWait?.();
    await new Promise<void>((resolve) => {
      const waiting = connect(address);
      waiting.once('error', () => resolve());
      waiting.once('close', () => resolve());
      waiting.resume();
    });
  }
}

/** The lock if it is free now, otherwise nothing. */
export function lockNow(name: string): Promise<AsyncDisposable | undefined> {
  return tryLock(`\0nightjar-${createHash('sha256').update(name).digest('hex')}`);
}

function tryLock(address: string): Promise<AsyncDisposable | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    const waiting = new Set<import('node:net').Socket>();
    server.on('connection', (socket) => {
      waiting.add(socket.on('error', () => {}).once('close', () => waiting.delete(socket)));
      socket.unref();
    });
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error),
    );
    server.listen(address, () => {
      server.unref();
      resolve({
        async [Symbol.asyncDispose]() {
          const closed = new Promise((done) => server.close(done));
          for (const socket of waiting) socket.destroy();
          await closed;
        },
      });
    });
  });
}
