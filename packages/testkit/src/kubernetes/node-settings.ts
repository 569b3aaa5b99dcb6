import path from 'node:path';
import { SERVICE_RANGE } from './control-plane.ts';

/** The one machine of a cluster, as others in it see it. */
export const NODE = { name: 'node-1', address: '10.77.0.1' } as const;
export const DNS_ADDRESS = '10.96.0.10';
export const PAUSE_IMAGE = 'localhost/pause:local';
export const COREDNS_IMAGE = 'localhost/coredns:local';
const POD_RANGE = '10.78.0.0/16';

/** Files and folders of a node: the same paths in its namespaces and outside of them. */
export function nodePaths(folder: string) {
  return {
    folder,
    /** What is `/var/lib` and `/var/log` inside. */
    varLib: path.join(folder, 'var-lib'),
    certificates: path.join(folder, 'kubernetes'),
    network: path.join(folder, 'network'),
    images: path.join(folder, 'images'),
    volumes: path.join(folder, 'volumes'),
    containerdConfig: path.join(folder, 'containerd.toml'),
    kubeletConfig: path.join(folder, 'kubelet.json'),
    proxyConfig: path.join(folder, 'kube-proxy.json'),
    up: path.join(folder, 'up'),
  };
}

export type NodePaths = ReturnType<typeof nodePaths>;

// The kubelet sets these for the whole machine; here it finds files of its own in their place that hold what it wants.
const MACHINE_WIDE = {
  'vm/overcommit_memory': '1',
  'vm/panic_on_oom': '0',
  'kernel/panic': '10',
  'kernel/panic_on_oops': '1',
  'kernel/keys/root_maxkeys': '1000000',
  'kernel/keys/root_maxbytes': '25000000',
} as const;

/**
 * The first process of the node's namespaces, for a shell: `$1` is the node's folder, `$2` that of the logs. When it ends,
 * the kernel ends whatever else runs in there, and mounts, links and packet filter rules go with the namespaces.
 *
 * A service address that nobody serves must have a route, or the node itself could not reach those that are served: it
 * leads to a link whose other end nobody is at. There is no other route than to the pods, so nothing ever leaves. (Browsers
 * only use a link that has another end, so the node's address is on it too.)
 */
export const NODE_INIT = `set -eu
mount --bind "$1" "$1"
mount --bind "$2" "$2"
mount -o remount,bind,ro /
mount --bind "$1/var-lib" /var/lib
mount --bind "$2" /var/log
mount -t tmpfs -o mode=755 tmpfs /run
mkdir -p /run/tmp /run/sysctl
echo "nameserver ${DNS_ADDRESS}" >/run/resolv.conf
own() {
  [ -e "/proc/sys/$1" ] || return 0
  file=/run/sysctl/$(basename "$1")
  echo "$2" >"$file"
  mount --bind "$file" "/proc/sys/$1"
}
${Object.entries(MACHINE_WIDE)
  .map(([name, value]) => `own ${name} ${value}`)
  .join('\n')}
echo ${NODE.name} >/proc/sys/kernel/hostname
ip link set lo up
ip link add node type veth peer name nowhere
ip address add ${NODE.address}/32 dev node
ip link set nowhere up
ip link set node up
ip route add ${SERVICE_RANGE} dev node src ${NODE.address}
echo 1 >/proc/sys/net/ipv4/ip_forward
: >"$1/up"
# As the first process it also has to take leave of those that nobody else waits for.
while :; do
  sleep 3600 &
  wait $!
done
`;

/** For containerd 1.6 and later, which read this version of the format. */
export function containerdConfig(options: { cniFolder: string; paths: NodePaths; snapshotter: string }) {
  const text = JSON.stringify;
  return `version = 2
oom_score = 0

# Otherwise it makes a folder in /opt.
[plugins."io.containerd.internal.v1.opt"]
  path = "/var/lib/containerd/opt"

[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = ${text(PAUSE_IMAGE)}
  # Its profile would be loaded for the whole machine, and stay.
  disable_apparmor = true
  # To lower it takes a right that root may not have.
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = ${text(options.cniFolder)}
    conf_dir = ${text(options.paths.network)}
  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = ${text(options.snapshotter)}
  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
      SystemdCgroup = false
`;
}

/** Each pod has a link of its own to the node, which forwards between them: so whatever passes can be filtered there. */
export function networkConfig() {
  return {
    cniVersion: '0.4.0',
    name: 'pods',
    plugins: [
      {
        type: 'ptp',
        ipMasq: false,
        ipam: { type: 'host-local', ranges: [[{ subnet: POD_RANGE }]], routes: [{ dst: '0.0.0.0/0' }] },
      },
    ],
  };
}

export function kubeletConfig(options: { cgroup: string; paths: NodePaths; openFilesMax: number }) {
  const certificate = (name: string) => path.join(options.paths.certificates, name);
  return {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    address: NODE.address,
    healthzBindAddress: '127.0.0.1',
    readOnlyPort: 0,
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: certificate('ca.crt') },
    },
    authorization: { mode: 'Webhook' },
    tlsCertFile: certificate('kubelet.crt'),
    tlsPrivateKeyFile: certificate('kubelet.key'),
    containerRuntimeEndpoint: 'unix:///run/containerd/containerd.sock',
    cgroupDriver: 'cgroupfs',
    cgroupRoot: `/${options.cgroup}`,
    failCgroupV1: false,
    failSwapOn: false,
    oomScoreAdj: 0,
    maxOpenFiles: options.openFilesMax,
    podLogsDir: '/var/log/pods',
    volumePluginDir: '/var/lib/kubelet/volume-plugins',
    resolvConf: '/run/resolv.conf',
    clusterDomain: 'cluster.local',
    clusterDNS: [DNS_ADDRESS],
    // An image that was thrown away could not be had again.
    imageGCHighThresholdPercent: 100,
    evictionHard: { 'memory.available': '100Mi', 'nodefs.available': '1%', 'imagefs.available': '1%' },
  };
}

export function proxyConfig(kubeconfig: string) {
  return {
    apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
    kind: 'KubeProxyConfiguration',
    clientConnection: { kubeconfig },
    mode: 'nftables',
    bindAddress: NODE.address,
    healthzBindAddress: '127.0.0.1:10256',
    metricsBindAddress: '127.0.0.1:10249',
    clusterCIDR: POD_RANGE,
    // These limits are the whole machine's.
    conntrack: { maxPerCore: 0, min: 0, tcpEstablishedTimeout: '0s', tcpCloseWaitTimeout: '0s' },
  };
}
