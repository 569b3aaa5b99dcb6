import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { plainEnvironment, startChild } from '@nightjar/testkit/servers/child';
import { freePort } from '@nightjar/testkit/servers/ports';
import {
  onPort,
  type RunningServer,
  runServer,
  serverFolder,
} from '@nightjar/testkit/servers/running-server';

const PROGRAM = path.join(import.meta.dirname, '../../web/server/main.ts');

/** Files of a build by their names. */
export type PageFiles = Readonly<Record<string, string | Uint8Array>>;

/** The least that a build has. */
export const DOCUMENTS = {
  'index.html': '<!doctype html><title>index</title>',
  'room.html': '<!doctype html><title>room</title>',
  'studio.html': '<!doctype html><title>studio</title>',
} as const satisfies PageFiles;

/** Web as a process of its own, from its sources, with these files beside the documents. */
export async function startWeb(files: PageFiles): Promise<RunningServer> {
  return onPort('web', {}, async (port) => {
    const folder = await serverFolder('web', undefined);
    const pages = path.join(folder.path, 'pages');
    for (const [name, content] of Object.entries({ ...DOCUMENTS, ...files })) {
      const file = path.join(pages, name);
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, content);
    }
    const logFile = path.join(folder.path, 'web.log');
    const internal = `127.0.0.1:${await freePort()}`;
    return runServer({
      name: 'web',
      url: `http://127.0.0.1:${port}`,
      port,
      logFile,
      launch: () =>
        startChild({
          name: 'web',
          command: process.execPath,
          args: ['--conditions=nightjar-source', PROGRAM],
          env: {
            ...plainEnvironment(),
            NIGHTJAR_HTTP_LISTEN: `127.0.0.1:${port}`,
            NIGHTJAR_INTERNAL_LISTEN: internal,
            NIGHTJAR_PAGES_FOLDER: pages,
          },
          logFile,
        }),
      async ask() {
        const answer = await fetch(`http://${internal}/health/ready`);
        if (!answer.ok) throw new Error(`not ready: ${answer.status}`);
      },
      readyWithinMs: 15_000,
      stopSignal: 'SIGTERM',
      cleanUp: folder.cleanUp,
    });
  });
}
