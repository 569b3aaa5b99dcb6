import { type Container, containersOf, type Volume, type Workload } from './manifest.ts';

/** What runs once, and what has no port to ask at, has no probes. */
const WITHOUT_PROBES = ['setup', 'secrets', 'demo'];
/** A variable out of a Secret is seen by whoever lists processes; this one is public. */
const FROM_SECRETS = ['DEMO_PUBLIC_KEY'];
const OUR_USER = 65_532;
const GRACE_SECONDS = 45;
const PAUSE_SECONDS = 4;
/** Where a container may write, beside volumes of its own that are claimed. */
const WRITABLE = ['/tmp', '/dev/shm'];

/** What is wrong with pods, in words; nothing when they are as the chart promises. Pure. */
export function faultsOfPods(workload: Workload): string[] {
  const { pod, kind, component } = workload;
  const faults: string[] = [];
  const must = (holds: boolean, what: string) => {
    if (!holds) faults.push(`${kind} ${workload.namespace}/${workload.name}: ${what}`);
  };
  must(workload.namespace !== '', 'names no namespace');
  must(component !== '', 'has no component');
  must(pod.securityContext?.runAsNonRoot === true, 'may run as root');
  must(pod.securityContext?.runAsUser === OUR_USER, `does not run as ${OUR_USER}`);
  must(pod.securityContext?.seccompProfile?.type === 'RuntimeDefault', 'has no seccomp profile');
  must(!pod.hostNetwork && !pod.hostPID && !pod.hostIPC, 'sees its host');
  must(pod.automountServiceAccountToken === false, 'is given a token');
  must(pod.enableServiceLinks === false, 'is given the addresses of all Services');
  must(Boolean(pod.serviceAccountName), 'has no service account of its own');
  for (const volume of pod.volumes ?? []) {
    must(
      volume.emptyDir === undefined || volume.emptyDir.sizeLimit !== undefined,
      `${volume.name} has no limit`,
    );
    must(kindOf(volume) !== undefined, `${volume.name} is no volume of a kind that we use`);
    must(!forOthers(volume), `${volume.name} can be read by others`);
  }
  const tokens = (pod.volumes ?? []).filter(hasToken);
  must(tokens.length === 0 || component === 'secrets', 'has a token, and is not the secrets Job');
  for (const { name } of tokens) {
    const holders = containersOf(pod).filter((container) => mounts(container, name));
    must(holders.length === 1, 'gives its token to more than one container');
  }
  for (const container of containersOf(pod)) {
    const faulty = (holds: boolean, what: string) => must(holds, `${container.name} ${what}`);
    containerFaults(container, pod.volumes ?? [], faulty);
  }
  const once = kind === 'Job' || WITHOUT_PROBES.includes(component);
  for (const container of once ? [] : pod.containers) {
    for (const probe of ['startupProbe', 'readinessProbe', 'livenessProbe'] as const)
      must(container[probe] !== undefined, `${container.name} has no ${probe}`);
  }
  return faults;
}

function containerFaults(
  container: Container,
  volumes: readonly Volume[],
  must: (holds: boolean, what: string) => void,
): void {
  const { securityContext: security = {}, resources = {}, image } = container;
  must(security.allowPrivilegeEscalation === false, 'may gain privileges');
  must(security.readOnlyRootFilesystem === true, 'may write into its image');
  must(security.privileged !== true, 'is privileged');
  must(security.runAsUser !== 0 && security.runAsNonRoot !== false, 'runs as root');
  must(security.capabilities?.drop?.includes('ALL') === true, 'keeps capabilities');
  must((security.capabilities?.add ?? []).length === 0, 'adds capabilities');
  must(/(:[\w][\w.-]*|@sha256:[0-9a-f]{64})$/.test(image), `has an image without a version: ${image}`);
  must(!image.endsWith(':latest'), 'is of whatever is latest');
  must(resources.limits?.memory !== undefined, 'has no limit of memory');
  must(resources.requests?.memory !== undefined, 'asks for no memory');
  must(resources.requests?.cpu !== undefined, 'asks for no processor');
  for (const { name, mountPath, readOnly } of container.volumeMounts ?? []) {
    const volume = volumes.find((each) => each.name === name);
    // Without a volume in the pod it is one that is claimed.
    const written =
      volume === undefined ? true : volume.emptyDir !== undefined && WRITABLE.includes(mountPath);
    must(readOnly === true || written, `may write at ${mountPath}`);
  }
  for (const { name, value, valueFrom } of container.env ?? []) {
    const secret = valueFrom !== undefined && 'secretKeyRef' in (valueFrom as object);
    must(!secret || FROM_SECRETS.includes(name), `has a secret in its environment: ${name}`);
    must(!/:\/\/[^/\s]*:[^/\s]*@/.test(value ?? ''), `has a password in its environment: ${name}`);
  }
}

/** What must hold of the services, beside what holds of all pods. */
export function faultsOfService({ pod, name, object }: Workload): string[] {
  const faults: string[] = [];
  const must = (holds: boolean, what: string) => {
    if (!holds) faults.push(`service ${name}: ${what}`);
  };
  const spec = object.spec as {
    strategy?: { rollingUpdate?: { maxUnavailable?: number } };
    revisionHistoryLimit?: number;
  };
  must(spec.strategy?.rollingUpdate?.maxUnavailable === 0, 'goes away while it is rolled out');
  must(spec.revisionHistoryLimit !== undefined, 'keeps old revisions for ever');
  must(pod.terminationGracePeriodSeconds === GRACE_SECONDS, `is not given ${GRACE_SECONDS} s to go`);
  const spread = (pod.topologySpreadConstraints ?? []).map(({ topologyKey }) => topologyKey);
  for (const key of ['kubernetes.io/hostname', 'topology.kubernetes.io/zone'])
    must(spread.includes(key), `is not spread over ${key}`);
  for (const container of pod.containers) {
    const asks = (probe: 'startupProbe' | 'readinessProbe' | 'livenessProbe', path: string) =>
      must(container[probe]?.httpGet?.path === path, `${probe} does not ask ${path}`);
    asks('startupProbe', '/health/started');
    asks('readinessProbe', '/health/ready');
    asks('livenessProbe', '/health/live');
    must(container.lifecycle?.preStop?.sleep?.seconds === PAUSE_SECONDS, `does not pause before it goes`);
  }
  return faults;
}

function kindOf({ emptyDir, secret, configMap, projected }: Volume): object | undefined {
  return emptyDir ?? secret ?? configMap ?? projected;
}

function forOthers({ secret, projected }: Volume): boolean {
  const mode = secret?.defaultMode ?? (projected as { defaultMode?: number } | undefined)?.defaultMode;
  if (!secret && !projected) return false;
  return mode === undefined || (mode & 0o007) !== 0;
}

function hasToken({ projected }: Volume): boolean {
  return (projected?.sources ?? []).some((source) => 'serviceAccountToken' in source);
}

function mounts({ volumeMounts = [] }: Container, volume: string): boolean {
  return volumeMounts.some(({ name }) => name === volume);
}
