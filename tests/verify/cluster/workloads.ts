import type { Cluster } from '@nightjar/testkit/kubernetes/cluster';
import { until } from '../../lib/until.ts';
import { GONE_MS_MAX, RELEASE, ROLLOUT_WITHIN } from './limits.ts';

const OURS = `app.kubernetes.io/instance=${RELEASE}`;

/** A Deployment or a StatefulSet. */
export interface Workload {
  readonly namespace: string;
  /** `deployment/nightjar-auth` */
  readonly name: string;
  readonly component: string;
}

export interface Pod {
  readonly namespace: string;
  readonly name: string;
  readonly component: string;
  readonly ready: boolean;
  /** Of the containers that run now. */
  readonly containers: readonly string[];
}

interface Listed<T> {
  readonly items: readonly (T & {
    readonly kind: string;
    readonly metadata: {
      readonly namespace: string;
      readonly name: string;
      readonly deletionTimestamp?: string;
      readonly labels?: Readonly<Record<string, string>>;
    };
  })[];
}

interface PodStatus {
  readonly status: {
    readonly phase: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
    readonly containerStatuses?: readonly { readonly containerID?: string }[];
  };
}

/** What runs of the release, in whichever namespace. */
export class Workloads {
  readonly #cluster: Cluster;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  async all(): Promise<Workload[]> {
    const { items } = await this.#list<object>('deployments,statefulsets');
    return items
      .map(({ kind, metadata: { namespace, name, labels } }) => ({
        namespace,
        name: `${kind.toLowerCase()}/${name}`,
        component: labels?.['app.kubernetes.io/component'] ?? name,
      }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Those that are there to work, which Jobs' are not, in the order of their names. */
  async pods(): Promise<Pod[]> {
    const { items } = await this.#list<PodStatus>('pods');
    return items
      .filter(({ metadata, status }) => status.phase === 'Running' && !metadata.deletionTimestamp)
      .map(({ metadata: { namespace, name, labels }, status }) => ({
        namespace,
        name,
        component: labels?.['app.kubernetes.io/component'] ?? name,
        ready: (status.conditions ?? []).some(({ type, status: is }) => type === 'Ready' && is === 'True'),
        containers: (status.containerStatuses ?? []).flatMap(({ containerID }) => containerID ?? []),
      }))
      .filter(({ component }) => component !== 'setup' && component !== 'secrets')
      .sort((a, b) => (`${a.component} ${a.name}` < `${b.component} ${b.name}` ? -1 : 1));
  }

  /** Until the new pods are ready and the old ones, which have drained by then, are gone. */
  async restart({ namespace, name, component }: Workload): Promise<void> {
    await this.#cluster.kubectl(['-n', namespace, 'rollout', 'restart', name]);
    await this.untilReady({ namespace, name });
    await this.#untilGone(component);
  }

  async untilReady({ namespace, name }: Pick<Workload, 'namespace' | 'name'>): Promise<void> {
    await this.#cluster.kubectl(['-n', namespace, 'rollout', 'status', name, `--timeout=${ROLLOUT_WITHIN}`]);
  }

  async untilAllReady(): Promise<void> {
    for (const workload of await this.all()) await this.untilReady(workload);
  }

  /** Its programs are killed where they run (SIGKILL), and started again in place. */
  async crash({ containers }: Pod): Promise<void> {
    for (const container of containers) {
      const id = container.slice(container.indexOf('//') + 2);
      // It may just have ended by itself.
      await this.#cluster
        .runOnNode('ctr', ['--namespace', 'k8s.io', 'tasks', 'kill', '--signal', 'SIGKILL', id])
        .catch(() => {});
    }
  }

  /** Forgotten at once, and given no grace; another one takes its place. */
  async delete({ namespace, name }: Pod): Promise<void> {
    await this.#cluster.kubectl([
      ...['-n', namespace, 'delete', 'pod', name],
      ...['--grace-period=0', '--force', '--wait=false', '--ignore-not-found'],
    ]);
  }

  async #untilGone(component: string): Promise<void> {
    const going = async () => {
      const { items } = await this.#list<PodStatus>('pods');
      return items.some(
        ({ metadata: { deletionTimestamp, labels } }) =>
          deletionTimestamp !== undefined && labels?.['app.kubernetes.io/component'] === component,
      );
    };
    await until(`the old pods of ${component} are gone`, async () => !(await going()), GONE_MS_MAX);
  }

  async #list<T>(kinds: string): Promise<Listed<T>> {
    const text = await this.#cluster.kubectl(['get', kinds, '--all-namespaces', '-l', OURS, '-o', 'json']);
    return JSON.parse(text) as Listed<T>;
  }
}
