import { spawn } from 'node:child_process';
import path from 'node:path';
import { type Cluster, startCluster } from '@nightjar/testkit/kubernetes/cluster';
import { dieWithParent } from '@nightjar/testkit/servers/child';
import { row } from '../../lib/print.ts';
import { temporaryFolder } from '../../lib/temporary-folder.ts';
import { bringImages } from './images.ts';
import { VOLUMES } from './limits.ts';
import { RemoteLoad } from './load/remote-load.ts';
import { Release } from './release.ts';
import { Workloads } from './workloads.ts';

export interface Scene extends AsyncDisposable {
  readonly cluster: Cluster;
  readonly release: Release;
  readonly workloads: Workloads;
  /** In the cluster's network, outside of its pods, as people are. */
  readonly load: RemoteLoad;
}

/**
 * A cluster with everything that an installation needs, and nothing installed.
 *
 * @param tags of the images that will be asked for
 */
export async function buildScene(tags: readonly string[], logs: string | undefined): Promise<Scene> {
  await using stack = new AsyncDisposableStack();
  const timed = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
    const start = performance.now();
    const result = await work();
    row(performance.now() - start, what);
    return result;
  };
  const home = stack.use(await temporaryFolder('cluster'));
  const cluster = stack.use(await timed('a cluster', () => startCluster({ logs })));
  await timed('images, built and brought to it', () => bringImages(cluster, tags));
  await cluster.makeVolumes(VOLUMES);
  const load = stack.use(startLoadProgram(cluster));
  const release = await Release.of(cluster, home.path);
  const owned = stack.move();
  return {
    cluster,
    release,
    workloads: new Workloads(cluster),
    load,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function startLoadProgram(cluster: Cluster): RemoteLoad {
  const main = path.join(import.meta.dirname, 'load/main.ts');
  const [command = '', ...args] = [
    ...dieWithParent(),
    ...cluster.within,
    process.execPath,
    ...process.execArgv,
    main,
  ];
  return new RemoteLoad(spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] }));
}
