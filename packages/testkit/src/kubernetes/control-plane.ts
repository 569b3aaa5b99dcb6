import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Death, startChild } from '../servers/child.ts';
import { findEngine } from '../servers/engines.ts';
import { freePort } from '../servers/ports.ts';
import { type RunningServer, runServer, serverFolder } from '../servers/running-server.ts';
import { type Identity, makeCertificates, writeKubeconfig } from './certificates.ts';
import { runToEnd } from './run.ts';

/** A Kubernetes that keeps objects, judges them and works on them; by itself it has no machine to run a pod on. */
export interface ControlPlane extends AsyncDisposable {
  /** Of its API: https, with a certificate of an authority of its own. */
  readonly url: string;
  /** The authority's certificate. */
  readonly caFile: string;
  /** Of a user who may do everything. */
  readonly kubeconfig: string;
  /** Of each part, `<name>.log`. */
  readonly logs: string;
  /**
   * Runs kubectl as that user, and resolves to what it prints.
   *
   * @throws Error with what it said, when it ends with another code than 0
   */
  kubectl(args: readonly string[], stdin?: string): Promise<string>;
  /** Installs the Gateway API's standard resources, and waits until they are served. */
  installGatewayApi(): Promise<void>;
}

export interface ControlPlaneOptions {
  /** Called when a part of it ends without having been told to. */
  readonly onDeath?: ((part: string, death: Death) => void) | undefined;
}

/** Where the parts run, and for whom. */
export interface Place extends ControlPlaneOptions {
  readonly folder: string;
  readonly logs: string;
  /** Where the API listens. */
  readonly address: string;
  readonly ports: { readonly api: number; readonly etcd: number; readonly etcdPeers: number };
  /** Puts each program elsewhere, for example into another network namespace; must end in exec. */
  readonly within?: readonly string[];
  /** More of them than the parts' own. */
  readonly identities?: readonly Identity[];
  readonly apiFlags?: readonly string[];
}

/** Addresses of services, as most installations have them. */
export const SERVICE_RANGE = '10.96.0.0/16';
const API_SERVICE_ADDRESS = '10.96.0.1';

const READY_WITHIN_MS = 60_000;
const ASK_AGAIN_MS = 100;

/**
 * etcd, kube-apiserver and kube-controller-manager on loopback, as ordinary processes of this user that end with us. What
 * is applied is judged as in any cluster: schemas, defaults, admission (pod security too), access rights.
 */
export async function startControlPlane(options: ControlPlaneOptions = {}): Promise<ControlPlane> {
  await using stack = new AsyncDisposableStack();
  const folder = await serverFolder('kubernetes', undefined);
  stack.defer(folder.cleanUp);
  for (let tries = 1; ; tries++) {
    try {
      const plane = stack.use(
        await startParts({
          ...options,
          folder: folder.path,
          logs: folder.path,
          address: '127.0.0.1',
          ports: { api: await freePort(), etcd: await freePort(), etcdPeers: await freePort() },
          // It would publish an address at which no pod could find it.
          apiFlags: ['--endpoint-reconciler-type', 'none'],
        }),
      );
      const all = stack.move();
      return { ...plane, [Symbol.asyncDispose]: () => all.disposeAsync() };
    } catch (error) {
      // Somebody may have taken a port in the meantime.
      if (tries === 3 || !/(address|port).*(already )?in use/i.test(String(error))) throw error;
    }
  }
}

async function startParts(place: Place): Promise<ControlPlane> {
  await using stack = new AsyncDisposableStack();
  const api = stack.use(await startApi(place));
  stack.use(await startControllers(place, api));
  const all = stack.move();
  return { ...api, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

/** What keeps objects and judges them; nobody works on them yet. */
export async function startApi(place: Place): Promise<ControlPlane> {
  const { folder, address, ports } = place;
  const bin = path.dirname((await findEngine('kubernetes')).program);
  const etcd = (await findEngine('etcd')).program;
  const file = (name: string) => path.join(folder, name);
  const url = `https://${address}:${ports.api}`;
  await makeCertificates(folder, [
    {
      name: 'apiserver',
      subject: '/CN=kube-apiserver',
      hosts: [
        ...[...new Set(['127.0.0.1', address, API_SERVICE_ADDRESS])].map((ip) => `IP:${ip}`),
        ...['localhost', 'kubernetes', 'kubernetes.default', 'kubernetes.default.svc'].map(
          (name) => `DNS:${name}`,
        ),
      ],
    },
    { name: 'admin', subject: '/O=system:masters/CN=admin' },
    { name: 'controller-manager', subject: '/CN=system:kube-controller-manager' },
    ...(place.identities ?? []),
  ]);
  const kubeconfig = await writeKubeconfig(folder, 'admin', url);
  const kubectl = (args: readonly string[], stdin?: string) =>
    runToEnd(path.join(bin, 'kubectl'), args, {
      stdin,
      within: place.within,
      // It keeps what it learns of the API in its home.
      env: { KUBECONFIG: kubeconfig, HOME: folder },
    });

  await using stack = new AsyncDisposableStack();
  const etcdUrl = `http://127.0.0.1:${ports.etcd}`;
  const etcdPeerUrl = `http://127.0.0.1:${ports.etcdPeers}`;
  stack.use(
    await startPart(place, {
      name: 'etcd',
      program: etcd,
      args: [
        ...['--name', 'test', '--data-dir', file('etcd')],
        // What it stores is of no use to anybody after a power cut.
        '--unsafe-no-fsync',
        ...['--listen-client-urls', etcdUrl, '--advertise-client-urls', etcdUrl],
        ...['--listen-peer-urls', etcdPeerUrl, '--initial-advertise-peer-urls', etcdPeerUrl],
        ...['--initial-cluster', `test=${etcdPeerUrl}`],
      ],
      async ask(logFile) {
        if (!(await readFile(logFile, 'utf8')).includes('ready to serve client requests'))
          throw new Error('not ready');
      },
    }),
  );
  stack.use(
    await startPart(place, {
      name: 'kube-apiserver',
      program: path.join(bin, 'kube-apiserver'),
      args: [
        ...['--bind-address', address, '--advertise-address', address, '--secure-port', `${ports.api}`],
        ...['--etcd-servers', etcdUrl, '--service-cluster-ip-range', SERVICE_RANGE],
        ...['--client-ca-file', file('ca.crt')],
        ...['--tls-cert-file', file('apiserver.crt'), '--tls-private-key-file', file('apiserver.key')],
        ...['--service-account-issuer', 'https://kubernetes.default.svc'],
        ...['--service-account-key-file', file('sa.pub')],
        ...['--service-account-signing-key-file', file('sa.key')],
        ...['--authorization-mode', 'Node,RBAC', '--enable-admission-plugins', 'NodeRestriction'],
        '--allow-privileged',
        ...(place.apiFlags ?? []),
      ],
      ask: () => kubectl(['get', '--raw', '/readyz']),
    }),
  );
  const all = stack.move();
  return {
    url,
    caFile: file('ca.crt'),
    kubeconfig,
    logs: place.logs,
    kubectl,
    async installGatewayApi() {
      await kubectl(['apply', '--server-side', '-f', path.join(bin, '../gateway-api')]);
      await kubectl(['wait', '--for=condition=Established', '--timeout=30s', 'crd', '--all']);
    },
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

/** What works on objects, until pods are there to be given to a node. */
export async function startControllers(place: Place, api: ControlPlane): Promise<RunningServer> {
  const bin = path.dirname((await findEngine('kubernetes')).program);
  const file = (name: string) => path.join(place.folder, name);
  return startPart(place, {
    name: 'kube-controller-manager',
    program: path.join(bin, 'kube-controller-manager'),
    args: [
      ...['--kubeconfig', await writeKubeconfig(place.folder, 'controller-manager', api.url)],
      ...['--bind-address', '127.0.0.1', '--secure-port', '0', '--leader-elect=false'],
      ...['--root-ca-file', file('ca.crt'), '--service-account-private-key-file', file('sa.key')],
      ...['--cluster-signing-cert-file', file('ca.crt'), '--cluster-signing-key-file', file('ca.key')],
      '--use-service-account-credentials',
      // Otherwise it makes a folder in /usr/libexec.
      ...['--flex-volume-plugin-dir', file('flex-volumes')],
    ],
    // Without it no pod is taken.
    ask: () => api.kubectl(['get', 'serviceaccount', 'default']),
  });
}

export interface Part {
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  /** Throws while it is not ready. */
  ask(logFile: string): Promise<unknown>;
}

/** One program in its place; its log is `<name>.log`. It is ended by force: what it stored is thrown away. */
export function startPart(
  place: Pick<Place, 'folder' | 'logs' | 'within' | 'onDeath'>,
  { name, program, args, ask }: Part,
): Promise<RunningServer> {
  const logFile = path.join(place.logs, `${name}.log`);
  return runServer({
    name,
    url: '',
    port: 0,
    logFile,
    launch: () =>
      startChild({
        name,
        command: program,
        args,
        logFile,
        cwd: place.folder,
        within: place.within,
        onDeath: (death) => place.onDeath?.(name, death),
      }),
    async ask() {
      try {
        return await ask(logFile);
      } catch (error) {
        // To ask costs a process, which starting servers would rather have.
        await delay(ASK_AGAIN_MS);
        throw error;
      }
    },
    readyWithinMs: READY_WITHIN_MS,
    stopSignal: 'SIGKILL',
    cleanUp: async () => {},
  });
}
