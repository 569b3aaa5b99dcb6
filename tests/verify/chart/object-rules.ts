import {
  type Container,
  containersOf,
  type KubeObject,
  type Labels,
  type Volume,
  type Workload,
  workloadsOf,
} from './manifest.ts';
import type { NetworkPolicy } from './network-policy.ts';
import { faultsOfPods, faultsOfService } from './pod-rules.ts';

export const SERVICES = ['auth', 'rooms', 'payments', 'events', 'geofence', 'edge', 'web'] as const;

const CLUSTER_WIDE = ['Namespace'];
/** All that the Role of the secrets Job may do. */
const VERBS = ['create', 'get', 'patch'];

/** What is wrong with an installation's objects, in words. Pure. */
export function faultsOfObjects(objects: readonly KubeObject[]): string[] {
  const workloads = workloadsOf(objects);
  const services = workloads.filter(({ component, kind }) => kind === 'Deployment' && isService(component));
  return [
    ...workloads.flatMap(faultsOfPods),
    ...services.flatMap(faultsOfService),
    ...services.flatMap((service) => lacks(service, objects)),
    ...workloads.flatMap((workload) => policyFaults(workload, objects)),
    ...waitingFaults(workloads),
    ...authorityFaults(workloads),
    ...objects.flatMap(ownFaults),
    ...twice(objects),
  ];
}

export function isService(component: string): boolean {
  return (SERVICES as readonly string[]).includes(component);
}

function lacks({ name, namespace, object }: Workload, objects: readonly KubeObject[]): string[] {
  const has = (kind: string) =>
    objects.some(
      (other) =>
        other.kind === kind && other.metadata.name === name && other.metadata.namespace === namespace,
    );
  const scaled = has('HorizontalPodAutoscaler');
  const { replicas } = object.spec as { replicas?: number };
  return [
    ...['Service', 'ServiceAccount', 'PodDisruptionBudget']
      .filter((kind) => !has(kind))
      .map((kind) => `no ${kind}`),
    // Both, and each upgrade would throw the autoscaler's number away.
    ...(scaled && replicas !== undefined ? ['a number of pods, and an autoscaler as well'] : []),
    ...(!scaled && (replicas ?? 1) < 2 ? ['fewer than two pods'] : []),
  ].map((what) => `service ${name}: has ${what}`);
}

/** Reads its Secret once in a database's life. */
const NEVER_WAITS = 'postgres';

/** What the secrets Job of an installation makes Secrets for; undefined where there is no such Job. */
export function secretsSumOf(workloads: readonly Workload[]): string | undefined {
  const maker = workloads.find(({ component }) => component === 'secrets');
  return maker?.pod.containers[0]?.env?.find(({ name }) => name === 'NIGHTJAR_SECRETS_SUM')?.value;
}

/** Pods that could start with a Secret that is not yet made of what values say now. */
function waitingFaults(workloads: readonly Workload[]): string[] {
  const sum = secretsSumOf(workloads);
  if (sum === undefined) return [];
  return workloads
    .filter((workload) => workload.component !== 'secrets' && workload.component !== NEVER_WAITS)
    .flatMap(({ name, pod }) =>
      (pod.volumes ?? [])
        .map((volume) => ({ volume: volume.name, sources: secretSources(volume) }))
        .filter(({ sources }) => sources.length > 0)
        .filter(
          ({ sources }) =>
            !sources.some(({ items = [] }) => items.some(({ key }) => key === `made-for-${sum}`)),
        )
        .map(({ volume }) => `${name}: does not wait for what the secrets Job makes of ${volume}`),
    );
}

const AUTHORITY = 'NODE_EXTRA_CA_CERTS';

/** With an authority of the operator's own, what speaks to engines and does not believe it; workerd could not. */
function authorityFaults(workloads: readonly Workload[]): string[] {
  const speaks = ({ component }: Workload) =>
    component === 'setup' || (isService(component) && component !== 'edge');
  const containers = workloads
    .filter(speaks)
    .flatMap(({ name, pod }) => containersOf(pod).map((container) => ({ name, container })));
  const authorityOf = ({ env = [] }: Container) => env.find(({ name }) => name === AUTHORITY)?.value;
  if (!containers.some(({ container }) => authorityOf(container))) return [];
  return containers.flatMap(({ name, container }) => {
    const file = authorityOf(container);
    const mounted = (container.volumeMounts ?? []).some(
      ({ mountPath, readOnly }) => readOnly && file?.startsWith(`${mountPath}/`),
    );
    return mounted ? [] : [`${name}/${container.name}: does not believe the authority that others believe`];
  });
}

interface SecretSource {
  readonly items?: readonly { readonly key: string }[];
}

function secretSources({ projected }: Volume): SecretSource[] {
  return (projected?.sources ?? []).flatMap(({ secret }) => (secret ? [secret as SecretSource] : []));
}

function policyFaults({ name, namespace, labels }: Workload, objects: readonly KubeObject[]): string[] {
  const selecting = objects.filter(
    (object) =>
      object.kind === 'NetworkPolicy' &&
      object.metadata.namespace === namespace &&
      matches((object as unknown as NetworkPolicy).spec.podSelector.matchLabels ?? {}, labels),
  ) as unknown as NetworkPolicy[];
  const types = selecting.flatMap(({ spec }) => spec.policyTypes ?? []);
  return (['Ingress', 'Egress'] as const)
    .filter((type) => !types.includes(type))
    .map((type) => `${namespace}/${name}: no NetworkPolicy for ${type}`);
}

function ownFaults(object: KubeObject): string[] {
  const { kind, metadata } = object;
  const title = `${kind} ${metadata.namespace ?? ''}/${metadata.name}`;
  const faults: string[] = [];
  if (!metadata.namespace && !CLUSTER_WIDE.includes(kind)) faults.push('names no namespace');
  if (metadata.labels?.['app.kubernetes.io/part-of'] !== 'nightjar') faults.push('is not labelled as ours');
  if (kind === 'Secret') faults.push('is a Secret: those are made in the cluster, never by Helm');
  if (/^Cluster(Role|RoleBinding)$/.test(kind)) faults.push('reaches over the whole cluster');
  if (Object.keys(metadata.annotations ?? {}).some((name) => name.startsWith('helm.sh/hook')))
    faults.push('is a hook, which tools other than Helm do not run');
  if (kind === 'ServiceAccount' && object.automountServiceAccountToken !== false)
    faults.push('hands its token out');
  if (kind === 'Job' && !/-[0-9a-f]{8}$/.test(metadata.name))
    faults.push('has no name of its own for each content, so that it could never change');
  if (kind === 'Role') faults.push(...roleFaults(object));
  return faults.map((what) => `${title}: ${what}`);
}

function roleFaults({ rules }: KubeObject): string[] {
  return (rules as { resources: string[]; verbs: string[]; resourceNames?: string[] }[]).flatMap(
    ({ resources, verbs, resourceNames }) => [
      ...(resources.join() === 'secrets' ? [] : [`may touch ${resources.join(', ')}`]),
      ...verbs.filter((verb) => !VERBS.includes(verb)).map((verb) => `may ${verb}`),
      // Kubernetes knows no names when something is created.
      ...(verbs.join() === 'create' || resourceNames?.length ? [] : [`may ${verbs.join(', ')} any Secret`]),
    ],
  );
}

function twice(objects: readonly KubeObject[]): string[] {
  const seen = new Set<string>();
  return objects.flatMap(({ kind, metadata }) => {
    const id = `${kind} ${metadata.namespace ?? ''}/${metadata.name}`;
    if (seen.has(id)) return [`${id} is there twice`];
    seen.add(id);
    return [];
  });
}

function matches(selector: Labels, labels: Labels): boolean {
  return Object.entries(selector).every(([key, value]) => labels[key] === value);
}
