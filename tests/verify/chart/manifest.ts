/** Kubernetes objects, as far as they are looked at here. */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Labels;
    readonly annotations?: Labels;
  };
  readonly spec?: unknown;
  readonly [field: string]: unknown;
}

export type Labels = Readonly<Record<string, string>>;

interface EnvVar {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: unknown;
}

interface Probe {
  readonly httpGet?: { readonly path: string; readonly port: number | string };
  readonly periodSeconds?: number;
  readonly failureThreshold?: number;
}

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: readonly EnvVar[];
  readonly ports?: readonly { name?: string; containerPort: number; protocol?: string }[];
  readonly resources?: {
    readonly requests?: Readonly<Record<string, string>>;
    readonly limits?: Readonly<Record<string, string>>;
  };
  readonly securityContext?: {
    readonly allowPrivilegeEscalation?: boolean;
    readonly readOnlyRootFilesystem?: boolean;
    readonly privileged?: boolean;
    readonly runAsUser?: number;
    readonly runAsNonRoot?: boolean;
    readonly capabilities?: { readonly drop?: readonly string[]; readonly add?: readonly string[] };
  };
  readonly volumeMounts?: readonly {
    name: string;
    mountPath: string;
    subPath?: string;
    readOnly?: boolean;
  }[];
  readonly startupProbe?: Probe;
  readonly readinessProbe?: Probe;
  readonly livenessProbe?: Probe;
  readonly lifecycle?: { readonly preStop?: { readonly sleep?: { readonly seconds: number } } };
}

export interface Volume {
  readonly name: string;
  readonly emptyDir?: { readonly sizeLimit?: string; readonly medium?: string };
  readonly secret?: { readonly secretName: string; readonly defaultMode?: number };
  readonly configMap?: { readonly name: string };
  readonly projected?: { readonly sources: readonly Readonly<Record<string, unknown>>[] };
}

export interface PodSpec {
  readonly serviceAccountName?: string;
  readonly automountServiceAccountToken?: boolean;
  readonly enableServiceLinks?: boolean;
  readonly hostNetwork?: boolean;
  readonly hostPID?: boolean;
  readonly hostIPC?: boolean;
  readonly priorityClassName?: string;
  readonly terminationGracePeriodSeconds?: number;
  readonly topologySpreadConstraints?: readonly { readonly topologyKey: string }[];
  readonly securityContext?: {
    readonly runAsNonRoot?: boolean;
    readonly runAsUser?: number;
    readonly fsGroup?: number;
    readonly seccompProfile?: { readonly type: string };
  };
  readonly initContainers?: readonly Container[];
  readonly containers: readonly Container[];
  readonly volumes?: readonly Volume[];
}

/** What makes pods, and the pods that it makes. */
export interface Workload {
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
  /** The label app.kubernetes.io/component. */
  readonly component: string;
  readonly labels: Labels;
  readonly pod: PodSpec;
  readonly object: KubeObject;
}

const WORKLOADS = ['Deployment', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob', 'Pod', 'ReplicaSet'];

export function workloadsOf(objects: readonly KubeObject[]): Workload[] {
  return objects
    .filter(({ kind }) => WORKLOADS.includes(kind))
    .map((object) => {
      const template = templateOf(object);
      const labels = template.metadata?.labels ?? {};
      return {
        kind: object.kind,
        name: object.metadata.name,
        namespace: object.metadata.namespace ?? '',
        component: labels['app.kubernetes.io/component'] ?? '',
        labels,
        pod: template.spec,
        object,
      };
    });
}

/** The names of Secrets that a pod mounts as volumes. */
export function mountedSecrets({ volumes = [] }: PodSpec): string[] {
  return volumes.flatMap(({ secret, projected }) => [
    ...(secret ? [secret.secretName] : []),
    ...((projected?.sources ?? []) as readonly { secret?: { name: string } }[]).flatMap((source) =>
      source.secret ? [source.secret.name] : [],
    ),
  ]);
}

interface Template {
  readonly metadata?: { readonly labels?: Labels };
  readonly spec: PodSpec;
}

function templateOf(object: KubeObject): Template {
  if (object.kind === 'Pod') return object as unknown as Template;
  const spec = object.spec as { template?: Template; jobTemplate?: { spec: { template: Template } } };
  const template = spec.template ?? spec.jobTemplate?.spec.template;
  if (!template) throw new TypeError(`${object.kind} ${object.metadata.name} has no pods`);
  return template;
}

export function containersOf({ initContainers = [], containers }: PodSpec): readonly Container[] {
  return [...initContainers, ...containers];
}
