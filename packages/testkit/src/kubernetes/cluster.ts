import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { cacheRoot } from '../servers/cache.ts';
import { findEngine } from '../servers/engines.ts';
import { dnsObjects, list, localVolume, storageClass } from './cluster-objects.ts';
import {
  type ControlPlane,
  type ControlPlaneOptions,
  type Place,
  startApi,
  startControllers,
} from './control-plane.ts';
import { makeBelongings } from './leftovers.ts';
import { checkCanHaveNode, startNode } from './node.ts';
import { startNodeParts, startPolicies } from './node-parts.ts';
import { COREDNS_IMAGE, NODE, nodePaths, PAUSE_IMAGE } from './node-settings.ts';
import { type RunOptions, runToEnd } from './run.ts';
import { importImages, importOwnImages, startRuntime } from './runtime.ts';

export interface ClusterOptions extends ControlPlaneOptions {
  /** Where logs go, and stay: of each part, and of pods in `pods/`. Otherwise they go with the cluster. */
  readonly logs?: string | undefined;
}

/**
 * A real Kubernetes with one node, in network, mount and process namespaces of its own. No packet leaves it: its network
 * has no other links than those of its pods.
 */
export interface Cluster extends ControlPlane {
  /** Of the node: its NodePorts are there, for programs in its network. */
  readonly nodeAddress: string;
  /** What to put before a command to run it in the cluster's network, where service and node addresses are; it sees our files. */
  readonly within: readonly string[];
  /** Runs a program of ours there to its end, with KUBECONFIG set (kubectl, helm); resolves to what it printed. */
  run(program: string, args: readonly string[], options?: Omit<RunOptions, 'within'>): Promise<string>;
  /** As if on the node: with its mounts and processes too. */
  runOnNode(program: string, args: readonly string[]): Promise<string>;
  /** Brings images to the node: archives as `docker save` writes them, or OCI layouts. */
  importImages(archives: readonly string[]): Promise<void>;
  /** Makes this many empty volumes of the default storage class, for claims to find. */
  makeVolumes(count: number, size?: string): Promise<void>;
}

const NODE_READY_WITHIN = '60s';

/** As root, with containerd, runc and others of the system's packages, which are brought where they are missing. */
export async function startCluster(options: ClusterOptions = {}): Promise<Cluster> {
  checkCanHaveNode([
    { folder: tmpdir(), variable: 'TMPDIR' },
    { folder: cacheRoot(), variable: 'NIGHTJAR_CACHE' },
  ]);
  await using stack = new AsyncDisposableStack();
  const [kubernetes, containerd, coredns, router] = await Promise.all([
    findEngine('kubernetes'),
    findEngine('containerd'),
    findEngine('coredns'),
    findEngine('kube-router'),
    findEngine('etcd'),
  ]);
  const bin = path.dirname(kubernetes.program);
  const belongings = stack.use(await makeBelongings());
  const paths = nodePaths(belongings.folder);
  const logs = path.resolve(options.logs ?? path.join(paths.folder, 'logs'));
  const { onDeath } = options;
  const node = stack.use(await startNode(paths, logs, (death) => onDeath?.('node', death)));
  await mkdir(paths.certificates);
  const surroundings = { node, paths, logs, onDeath };
  const control: Place = {
    folder: paths.certificates,
    logs,
    onDeath,
    within: node.inNetwork,
    address: NODE.address,
    ports: { api: 6443, etcd: 2379, etcdPeers: 2380 },
    identities: [
      {
        name: 'kubelet',
        subject: `/O=system:nodes/CN=system:node:${NODE.name}`,
        hosts: [`IP:${NODE.address}`, `DNS:${NODE.name}`],
      },
      { name: 'scheduler', subject: '/CN=system:kube-scheduler' },
      { name: 'proxy', subject: '/CN=system:kube-proxy' },
    ],
    apiFlags: [
      ...['--kubelet-client-certificate', path.join(paths.certificates, 'admin.crt')],
      ...['--kubelet-client-key', path.join(paths.certificates, 'admin.key')],
      ...['--kubelet-certificate-authority', path.join(paths.certificates, 'ca.crt')],
      // The node's name is in no DNS.
      ...['--kubelet-preferred-address-types', 'InternalIP'],
    ],
  };
  const [plane] = await together(
    startApi(control).then((api) => stack.use(api)),
    startRuntime(surroundings, containerd.program).then(async (runtime) => {
      stack.use(runtime);
      await importOwnImages(surroundings, [
        { name: PAUSE_IMAGE, program: path.join(bin, 'pause') },
        { name: COREDNS_IMAGE, program: coredns.program },
      ]);
    }),
  );
  await together(
    startControllers(control, plane).then((controllers) => stack.use(controllers)),
    startNodeParts({ ...surroundings, bin, cgroup: belongings.name, apiUrl: plane.url }).then((parts) =>
      stack.use(parts),
    ),
  );
  await plane.kubectl(['apply', '-f', '-'], list([...dnsObjects(), storageClass()]));
  const wait = (...what: string[]) => plane.kubectl(['wait', `--timeout=${NODE_READY_WITHIN}`, ...what]);
  await wait('--for=create', `node/${NODE.name}`);
  stack.use(await startPolicies(surroundings, router.program, plane.kubeconfig));
  await wait('--for=condition=Ready', `node/${NODE.name}`);
  await wait('--for=condition=Available', '-n', 'kube-system', 'deployment/coredns');

  let volumes = 0;
  const all = stack.move();
  return {
    ...plane,
    nodeAddress: NODE.address,
    within: node.inNetwork,
    run: (program, args, { env, ...more } = {}) =>
      runToEnd(program, args, {
        ...more,
        within: node.inNetwork,
        env: { KUBECONFIG: plane.kubeconfig, ...env },
      }),
    runOnNode: (program, args) => runToEnd(program, args, { within: node.inside }),
    importImages: (archives) => importImages(node, archives),
    async makeVolumes(count, size = '1Gi') {
      const names = Array.from({ length: count }, () => `volume-${++volumes}`);
      for (const name of names) await mkdir(path.join(paths.volumes, name), { mode: 0o750 });
      await plane.kubectl(['apply', '-f', '-'], list(names.map((name) => localVolume(name, size, paths))));
    },
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

/** Like `Promise.all`, but whatever fails, the rest has come to its end: nothing starts while all is taken down. */
async function together<A, B>(one: Promise<A>, other: Promise<B>): Promise<[A, B]> {
  await Promise.allSettled([one, other]);
  return Promise.all([one, other]);
}
