import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '../src/eventually.ts';
import { type Cluster, startCluster } from '../src/kubernetes/cluster.ts';
import { writeProgramImage } from '../src/kubernetes/image.ts';
import { makeBelongings } from '../src/kubernetes/leftovers.ts';
import { descendants, exists } from '../src/servers/child.ts';
import { findEngine } from '../src/servers/engines.ts';

const START_MS = 120_000;
/** etcd, the API, its controllers, the scheduler, kubelet, kube-proxy, kube-router, containerd, and DNS in a pod. */
const PROGRAMS = 9;
const IMAGE = 'localhost/probe:local';
const USER = 65532;
/** Kept for documentation: no host anywhere has it. */
const OUTSIDE = 'http://203.0.113.1/';

let cluster: Cluster;
const before = traces('no cluster yet');

beforeAll(async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'nightjar-images-'));
  try {
    const archive = path.join(folder, 'probe.tar');
    const { program } = await findEngine('kubernetes');
    await writeProgramImage(archive, IMAGE, path.join(path.dirname(program), 'probe'));
    cluster = await startCluster();
    await cluster.importImages([archive]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  await cluster.makeVolumes(1);
  await cluster.kubectl(['apply', '-f', '-'], objects());
  await cluster.kubectl(['-n', 'probe', 'rollout', 'status', 'deployment/probe', '--timeout=60s']);
}, START_MS);

afterAll(async () => {
  await cluster?.[Symbol.asyncDispose]();
});

test('a hardened pod of an image made here runs, and its service answers it by name', async () => {
  // A rule of the packet filter follows its pod by a moment.
  const answer = await eventually(() => probe('get', 'http://probe.probe.svc.cluster.local/'));
  expect(answer).toMatch(/^probe probe-/);
});

test("a program of ours in the cluster's network reaches its node ports, by TCP and by UDP", async () => {
  const ask = (code: string) => cluster.run(process.execPath, ['--input-type=module', '-e', code]);
  const tcp = `console.log(await (await fetch('http://${cluster.nodeAddress}:30080/')).text())`;
  expect(await ask(tcp)).toMatch(/^probe probe-/);
  const udp = `
    import { Resolver } from 'node:dns/promises';
    const resolver = new Resolver();
    resolver.setServers(['${cluster.nodeAddress}:30053']);
    console.log(...await resolver.resolve4('probe.probe.svc.cluster.local'));`;
  const address = await cluster.kubectl(jsonPath('service/probe', '{.spec.clusterIP}'));
  expect((await eventually(() => ask(udp))).trim()).toBe(address);
});

test("a claim has a volume, which is its pod's group's", async () => {
  expect(await cluster.kubectl(jsonPath('pvc/probe', '{.status.phase}'))).toBe('Bound');
  const folder = await cluster.kubectl(jsonPath('pv/volume-1', '{.spec.local.path}'));
  const { gid, mode } = statSync(folder);
  expect([gid, mode & 0o070]).toEqual([USER, 0o070]);
});

test('a network policy holds', async () => {
  const api = 'http://10.96.0.1:443/';
  expect(await probe('get', api)).toContain('HTTP request to an HTTPS server');
  const policy = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'probe', namespace: 'probe' },
    spec: { podSelector: {}, policyTypes: ['Egress'] },
  };
  await cluster.kubectl(['apply', '-f', '-'], JSON.stringify(policy));
  await eventually(() => expect(probe('get', api)).rejects.toThrow('connection refused'));
  await cluster.kubectl(['-n', 'probe', 'delete', 'networkpolicy', 'probe']);
});

test('nothing outside is reachable, from a pod or from the node', async () => {
  // The node says so only as often as its kernel lets it; otherwise nobody answers.
  await expect(probe('get', OUTSIDE)).rejects.toThrow(/unreachable|no route|deadline exceeded/);
  await expect(probe('resolve', 'example.com')).rejects.toThrow('server misbehaving');
  await expect(cluster.run('ip', ['route', 'get', new URL(OUTSIDE).hostname])).rejects.toThrow('unreachable');
  expect(await cluster.run('ip', ['route', 'show', 'default'])).toBe('');
  const links = JSON.parse(await cluster.run('ip', ['-json', 'link'])) as { ifname: string }[];
  // Each pod has one on the node's side.
  const others = links.map(({ ifname }) => ifname).filter((name) => !name.startsWith('veth'));
  expect(others).toEqual(['lo', 'nowhere', 'node']);
});

test('when it is disposed of, no process, mount, link, group or file is left', async () => {
  const pids = descendants(process.pid);
  expect(pids.length).toBeGreaterThan(PROGRAMS);
  await cluster[Symbol.asyncDispose]();
  expect(pids.filter(exists)).toEqual([]);
  expect(traces(nameOf(cluster.kubeconfig))).toEqual(before);
});

test(
  'of one whose owner was killed no process is left, and the rest goes when the next one comes',
  async () => {
    const fixture = path.join(import.meta.dirname, 'fixtures/starts-a-cluster.ts');
    const owner = spawn(process.execPath, ['--conditions=nightjar-source', fixture], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(owner, 'exit');
    const [kubeconfig = ''] = (await once(createInterface({ input: owner.stdout }), 'line')) as string[];
    const name = nameOf(kubeconfig);
    const pids = descendants(owner.pid as number);
    expect(pids.length).toBeGreaterThan(PROGRAMS);
    owner.kill('SIGKILL');
    await ended;
    await eventually(() => expect(pids.filter(exists)).toEqual([]), 5_000);
    expect(traces(name)).not.toEqual(before);
    await using _ = await makeBelongings();
    expect(traces(name)).toEqual(before);
  },
  START_MS,
);

/** What the folder and the control group of a cluster are called. */
function nameOf(kubeconfig: string): string {
  return /nightjar-cluster-\w+/.exec(kubeconfig)?.[0] ?? '';
}

/** What a cluster of this name could leave on this machine. */
function traces(name: string): string[] {
  const mounts = readFileSync('/proc/self/mountinfo', 'utf8').split('\n');
  const links = readFileSync('/proc/net/dev', 'utf8').match(/^ *(no(de|where)|veth\w+):/gm) ?? [];
  const named = globSync([`${tmpdir()}/${name}`, `/sys/fs/cgroup/{,*/}${name}`]);
  const usual = [
    ...['/var/lib/kubelet', '/var/lib/cni', '/var/log/pods', '/var/log/containers', '/run/containerd'],
    ...['/opt/containerd', '/opt/cni', '/etc/cni', '/usr/libexec/kubernetes'],
  ].filter((folder) => existsSync(folder));
  return [...mounts.filter((line) => line.includes(name)), ...links, ...named, ...usual];
}

function probe(...args: string[]): Promise<string> {
  return cluster.kubectl(['-n', 'probe', 'exec', 'deployment/probe', '--', '/probe', ...args]);
}

function jsonPath(what: string, jsonpath: string): string[] {
  return ['-n', 'probe', 'get', what, '-o', `jsonpath=${jsonpath}`];
}

function objects(): string {
  const metadata = { name: 'probe', namespace: 'probe' };
  const labels = { app: 'probe' };
  const nodePort = (name: string, namespace: string, selector: object, port: object) => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace },
    spec: { type: 'NodePort', selector, ports: [port] },
  });
  const items = [
    {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'probe', labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
    },
    {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata,
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata,
      spec: {
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: {
            securityContext: {
              runAsNonRoot: true,
              runAsUser: USER,
              fsGroup: USER,
              seccompProfile: { type: 'RuntimeDefault' },
            },
            containers: [
              {
                name: 'probe',
                image: IMAGE,
                securityContext: {
                  allowPrivilegeEscalation: false,
                  readOnlyRootFilesystem: true,
                  capabilities: { drop: ['ALL'] },
                },
                readinessProbe: { httpGet: { path: '/', port: 8080 }, periodSeconds: 1 },
                resources: { limits: { cpu: '500m', memory: '64Mi' } },
                volumeMounts: [{ name: 'data', mountPath: '/data' }],
              },
            ],
            volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'probe' } }],
          },
        },
      },
    },
    nodePort('probe', 'probe', labels, { port: 80, targetPort: 8080, nodePort: 30080 }),
    nodePort(
      'names',
      'kube-system',
      { 'k8s-app': 'kube-dns' },
      {
        port: 53,
        targetPort: 53,
        protocol: 'UDP',
        nodePort: 30053,
      },
    ),
  ];
  return JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
}
