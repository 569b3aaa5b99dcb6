import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, symlink } from 'node:fs/promises';
import path from 'node:path';
import { onPath, outputOf, runLogged } from '../servers/command.ts';
import { aptGet, type Engine, type FillTools, goBuild, mayInstall, need } from '../servers/fill.ts';

export type KubernetesEngine = 'kubernetes' | 'etcd' | 'coredns' | 'kube-router' | 'containerd';

const KUBERNETES = '1.33.13';
const PROGRAMS = [
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'kubelet',
  'kube-proxy',
  'kubectl',
];
const GATEWAY_API = 'sigs.k8s.io/gateway-api';
const VERSION_PACKAGES = ['k8s.io/component-base/version', 'k8s.io/client-go/pkg/version'];

/** What a node takes from the system, and the Debian package that has it. */
const NODE_PROGRAMS = {
  containerd: 'containerd',
  runc: 'runc',
  nft: 'nftables',
  conntrack: 'conntrack',
  iptables: 'iptables',
  ipset: 'ipset',
  ip: 'iproute2',
  unshare: 'util-linux',
} as const;
const NODE_PACKAGES = [...Object.values(NODE_PROGRAMS), 'containernetworking-plugins'];
const CNI_FOLDERS = ['/usr/lib/cni', '/opt/cni/bin'];
const CNI_PLUGINS = ['ptp', 'host-local', 'loopback'];

/** Parts of a Kubernetes for tests. Nothing of it is taken from the PATH but what containers run by: the rest must fit together. */
export const kubernetesEngines: Readonly<Record<KubernetesEngine, Engine>> = {
  kubernetes: {
    title: 'Kubernetes',
    // What follows the plus is ours: it counts the changes to our own programs and to the Gateway API's release.
    version: `${KUBERNETES}+1`,
    programs: [],
    atLeast: [1, 33, 0],
    cached: 'bin/kube-apiserver',
    howToGet: 'install Go 1.26 or later',
    async fill(folder, tools) {
      tools.say('  5 to 10 minutes, once');
      // Without these the servers say v0.0.0-master, and clients take them for it.
      const ldflags = VERSION_PACKAGES.flatMap((name) => [
        `-X ${name}.gitVersion=v${KUBERNETES}`,
        `-X ${name}.gitMajor=1 -X ${name}.gitMinor=33 -X ${name}.gitTreeState=clean`,
      ]).join(' ');
      const packages = PROGRAMS.map((name) => `k8s.io/kubernetes/cmd/${name}`);
      const module = 'kubernetes';
      await goBuild(folder, [...packages, './pause', './probe'], { module, ldflags }, tools);
      await bringGatewayApi(path.join(folder, 'gateway-api'), tools);
    },
  },
  etcd: {
    title: 'etcd',
    version: '3.6.16',
    programs: ['etcd'],
    atLeast: [3, 6, 0],
    below: [4, 0, 0],
    cached: 'bin/etcd',
    howToGet: 'install Go 1.26 or later, or put etcd 3.6 or later on the PATH',
    async fill(folder, tools) {
      await goBuild(folder, ['go.etcd.io/etcd/server/v3'], { module: 'etcd' }, tools);
      await symlink('server', path.join(folder, 'bin/etcd'));
    },
  },
  coredns: {
    title: 'CoreDNS',
    version: '1.12.4',
    // It goes into an image that holds nothing else, so it must be static.
    programs: [],
    atLeast: [1, 12, 0],
    cached: 'bin/coredns',
    howToGet: 'install Go 1.26 or later',
    async fill(folder, tools) {
      tools.say('  about 2 minutes, once');
      await goBuild(folder, ['github.com/coredns/coredns'], { module: 'coredns' }, tools);
    },
  },
  'kube-router': {
    title: 'kube-router',
    version: '2.1.0',
    programs: [],
    atLeast: [2, 1, 0],
    cached: 'bin/kube-router',
    howToGet: 'install Go 1.26 or later',
    async fill(folder, tools) {
      tools.say('  about 2 minutes, once');
      const packages = ['github.com/cloudnativelabs/kube-router/v2/cmd/kube-router'];
      await goBuild(folder, packages, { module: 'kube-router' }, tools);
    },
  },
  containerd: {
    title: 'containerd',
    version: 'system',
    programs: ['containerd'],
    atLeast: [1, 6, 0],
    below: [3, 0, 0],
    cached: 'bin/containerd',
    howToGet: `as root: apt-get install ${NODE_PACKAGES.join(' ')}`,
    complete: (_, env) => missingNodeParts(env).length === 0,
    async fill(folder, { logFile, say, env }) {
      if (!mayInstall(env)) {
        throw new Error(
          `a node of Kubernetes lacks ${missingNodeParts(env).join(', ')}, and only root can install them.`,
        );
      }
      await aptGet(NODE_PACKAGES, logFile, say);
      const missing = missingNodeParts(env);
      if (missing.length > 0) throw new Error(`the system's packages did not bring ${missing.join(', ')}.`);
      await mkdir(path.join(folder, 'bin'));
      await symlink(
        need('containerd', env, "the system's packages did not bring it"),
        path.join(folder, 'bin/containerd'),
      );
    },
  },
};

/** Where the system has the plugins that give pods their network. */
export function cniFolder(): string | undefined {
  return CNI_FOLDERS.find((folder) => CNI_PLUGINS.every((plugin) => existsSync(path.join(folder, plugin))));
}

function missingNodeParts(env: NodeJS.ProcessEnv): string[] {
  const missing = Object.keys(NODE_PROGRAMS).filter((program) => !onPath(program, env));
  return cniFolder() ? missing : [...missing, `${CNI_PLUGINS.join(', ')} (in ${CNI_FOLDERS.join(' or ')})`];
}

async function bringGatewayApi(to: string, { env, pins, logFile }: FillTools): Promise<void> {
  const cwd = path.join(pins, 'gateway-api');
  const go = need('go', env, 'its modules carry the Gateway API');
  await runLogged(go, ['mod', 'download', GATEWAY_API], { cwd, logFile });
  const folder = (await outputOf(go, ['-C', cwd, 'list', '-m', '-f', '{{.Dir}}', GATEWAY_API]))?.trim();
  if (!folder) throw new Error("Go's modules did not bring the Gateway API.");
  const from = path.join(folder, 'config/crd/standard');
  await mkdir(to);
  // One by one: Go's folders are read-only, and a copy of one could not be taken away.
  for (const file of await readdir(from)) await copyFile(path.join(from, file), path.join(to, file));
}
