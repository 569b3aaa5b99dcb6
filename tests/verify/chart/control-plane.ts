import { eventually } from '@nightjar/testkit/eventually';
import { type ControlPlane, startControlPlane } from '@nightjar/testkit/kubernetes/control-plane';
import { containersOf, type KubeObject, workloadsOf } from './manifest.ts';
import { CHART, helm, type Rendered, valuesFile } from './render.ts';
import type { Variant } from './variants.ts';

const DRY_RUN = ['apply', '--dry-run=server', '--validate=strict', '-f', '-'];
const APPLY = ['apply', '--validate=strict', '-f', '-'];
const RESTRICTED = { 'pod-security.kubernetes.io/enforce': 'restricted' };
const PODS_WITHIN_MS = 60_000;

export async function startPlane(): Promise<ControlPlane> {
  await using stack = new AsyncDisposableStack();
  const plane = stack.use(await startControlPlane());
  await plane.installGatewayApi();
  stack.move();
  return plane;
}

/**
 * Applies an installation as an operator would, in a namespace that refuses what the restricted Pod Security standard
 * refuses: first for show, then for real. Resolves to the number of objects.
 *
 * @throws Error when an object is refused, or a workload's pods
 */
export async function applyForReal(
  plane: ControlPlane,
  { namespace, brings = [] }: Variant,
  { objects }: Rendered,
): Promise<number> {
  // Those of the chart are labelled by itself.
  const own = objects.filter(({ kind }) => kind === 'Namespace');
  const namespaces = [namespace, ...brings].map((name) => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, labels: RESTRICTED },
  }));
  await plane.kubectl(APPLY, listOf([...namespaces, ...own, ...priorityClassesOf(objects)]));
  await plane.kubectl(DRY_RUN, listOf(objects));
  await plane.kubectl(APPLY, listOf(objects));
  await eventually(() => everyWorkloadHasPods(plane, objects), PODS_WITHIN_MS);
  // The next installation wants the same ports of the nodes.
  await plane.kubectl(
    ['delete', '-f', '-', '--wait=false'],
    listOf(objects.filter(({ kind }) => kind === 'Service')),
  );
  return objects.length;
}

/** They are the operator's own, and without them no pod that names one is made. */
function priorityClassesOf(objects: readonly KubeObject[]) {
  const names = new Set(workloadsOf(objects).flatMap(({ pod }) => pod.priorityClassName ?? []));
  return [...names].map((name) => ({
    apiVersion: 'scheduling.k8s.io/v1',
    kind: 'PriorityClass',
    metadata: { name },
    value: 1_000,
  }));
}

/** What the secrets Job may, and nobody else; and what nobody may. `own` is a Secret that it writes. */
const RIGHTS = [
  { may: true, verb: 'create', resource: 'secrets' },
  { may: true, verb: 'get', resource: 'secrets', name: 'own' },
  { may: true, verb: 'patch', resource: 'secrets', name: 'own' },
  { may: false, verb: 'get', resource: 'secrets', name: 'others' },
  { may: false, verb: 'patch', resource: 'secrets', name: 'others' },
  { may: false, verb: 'list', resource: 'secrets' },
  { may: false, verb: 'delete', resource: 'secrets', name: 'own' },
  { may: false, verb: 'create', resource: 'pods' },
  { may: false, verb: 'list', resource: 'pods' },
] as const;

/**
 * What the service accounts of an installation may do, asked of the API itself: the secrets Job what its Roles say, in each
 * namespace that it has one in, and nobody else anything.
 */
export async function faultsOfRights(plane: ControlPlane, { objects }: Rendered): Promise<string[]> {
  const roles = objects.filter(({ kind }) => kind === 'Role');
  const asked = objects
    .filter(({ kind }) => kind === 'ServiceAccount')
    .flatMap(({ metadata: account }) =>
      roles.flatMap((role) =>
        RIGHTS.map(({ may, ...attributes }) => ({
          should: may && account.name === role.metadata.name,
          review: reviewOf(account, role, attributes),
        })),
      ),
    );
  const said = await plane.kubectl(
    ['create', '-f', '-', '-o', 'jsonpath={.status.allowed}{"\\n"}'],
    listOf(asked.map(({ review }) => review)),
  );
  const answers = said.trim().split('\n');
  if (answers.length !== asked.length) throw new Error('the API did not answer every question of rights');
  return asked.flatMap(({ should, review }, index) => {
    const can = answers[index] === 'true';
    return can === should
      ? []
      : [`${can ? 'may, and should not' : 'may not, and should'}: ${JSON.stringify(review.spec)}`];
  });
}

function reviewOf(
  account: KubeObject['metadata'],
  role: KubeObject,
  { name, ...attributes }: { verb: string; resource: string; name?: string },
) {
  const rules = role.rules as readonly { readonly resourceNames?: readonly string[] }[];
  const own = rules.flatMap(({ resourceNames = [] }) => resourceNames)[0];
  return {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SubjectAccessReview',
    spec: {
      user: `system:serviceaccount:${account.namespace}:${account.name}`,
      groups: ['system:serviceaccounts', 'system:authenticated'],
      resourceAttributes: {
        ...attributes,
        namespace: role.metadata.namespace,
        ...(name === undefined ? {} : { name: name === 'own' ? own : name }),
      },
    },
  };
}

/** What Helm tells whoever installs it. */
export async function notesOf(plane: ControlPlane, variant: Variant): Promise<string> {
  const args = ['install', variant.release, CHART, '--namespace', variant.namespace, '--dry-run=client'];
  const said = await helm([...args, '--values', valuesFile(variant), '--kubeconfig', plane.kubeconfig]);
  return said.split('\nNOTES:\n')[1] ?? '';
}

/** A Deployment is taken whatever its pods are; only their creation shows whether these are let in. */
async function everyWorkloadHasPods(plane: ControlPlane, objects: readonly KubeObject[]): Promise<void> {
  const workloads = workloadsOf(objects);
  for (const namespace of new Set(workloads.map((workload) => workload.namespace))) {
    const get = ['--namespace', namespace, 'get', '--output', 'json'];
    const { items } = JSON.parse(await plane.kubectl([...get, 'pods'])) as { items: KubeObject[] };
    const there = new Set(items.map(({ metadata }) => metadata.labels?.['app.kubernetes.io/component']));
    const missing = workloads.filter((each) => each.namespace === namespace && !there.has(each.component));
    if (missing.length === 0) continue;
    const events = JSON.parse(await plane.kubectl([...get, 'events'])) as {
      items: { reason: string; message: string }[];
    };
    const why = events.items.filter(({ reason }) => reason === 'FailedCreate').map(({ message }) => message);
    throw new Error(
      `no pod of ${missing.map(({ component }) => component).join(', ')} in ${namespace}: ${why.join('; ')}`,
    );
  }
}

/** Plants of ours, which the control plane must refuse. Resolves to how many it did. */
export async function refusesPlants(
  plane: ControlPlane,
  { namespace }: Variant,
  { objects }: Rendered,
): Promise<number> {
  const auth = workloadsOf(objects).find(
    ({ component, kind }) => kind === 'Deployment' && component === 'auth',
  );
  if (!auth) throw new Error('nothing to plant a fault in');
  const misspelt = structuredClone(auth.object) as unknown as { spec: { template: { spec: object } } };
  const [container] = containersOf(misspelt.spec.template.spec as typeof auth.pod);
  Object.assign(container ?? {}, { livenesProbe: container?.livenessProbe });
  await mustRefuse(plane, misspelt, 'unknown field "spec.template.spec.containers[0].livenesProbe"');
  const rootPod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'root', namespace, labels: auth.labels },
    spec: {
      ...auth.pod,
      securityContext: { ...auth.pod.securityContext, runAsUser: 0, runAsNonRoot: false },
    },
  };
  await mustRefuse(plane, rootPod, 'violates PodSecurity "restricted');
  return 2;
}

async function mustRefuse(plane: ControlPlane, object: object, because: string): Promise<void> {
  const said = await plane.kubectl(APPLY, JSON.stringify(object)).then(
    () => undefined,
    (error: unknown) => String(error),
  );
  if (said === undefined)
    throw new Error(`a planted fault was taken; it should have been refused: ${because}`);
  if (!said.includes(because)) throw new Error(`a planted fault was refused for another reason:\n${said}`);
}

function listOf(items: readonly object[]): string {
  return JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
}
