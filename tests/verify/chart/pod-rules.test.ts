import { expect, test } from '@jest/globals';
import type { Container, PodSpec, Workload } from './manifest.ts';
import { faultsOfPods, faultsOfService } from './pod-rules.ts';

const CONTAINER: Container = {
  name: 'auth',
  image: 'nightjar-auth:0.2.0',
  resources: { requests: { cpu: '100m', memory: '64Mi' }, limits: { memory: '128Mi' } },
  securityContext: {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ['ALL'] },
  },
  volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }],
  startupProbe: { httpGet: { path: '/health/started', port: 'internal' } },
  readinessProbe: { httpGet: { path: '/health/ready', port: 'internal' } },
  livenessProbe: { httpGet: { path: '/health/live', port: 'internal' } },
  lifecycle: { preStop: { sleep: { seconds: 4 } } },
};

const POD: PodSpec = {
  serviceAccountName: 'nightjar-auth',
  automountServiceAccountToken: false,
  enableServiceLinks: false,
  terminationGracePeriodSeconds: 45,
  topologySpreadConstraints: [
    { topologyKey: 'kubernetes.io/hostname' },
    { topologyKey: 'topology.kubernetes.io/zone' },
  ],
  securityContext: { runAsNonRoot: true, runAsUser: 65_532, seccompProfile: { type: 'RuntimeDefault' } },
  containers: [CONTAINER],
  volumes: [{ name: 'tmp', emptyDir: { sizeLimit: '64Mi' } }],
};

function workload(pod: Partial<PodSpec> = {}, more: Partial<Workload> = {}): Workload {
  return {
    kind: 'Deployment',
    name: 'nightjar-auth',
    namespace: 'live',
    component: 'auth',
    labels: {},
    pod: { ...POD, ...pod },
    object: {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'nightjar-auth' },
      spec: { strategy: { rollingUpdate: { maxUnavailable: 0 } }, revisionHistoryLimit: 5 },
    },
    ...more,
  };
}
const withContainer = (more: Partial<Container>) => workload({ containers: [{ ...CONTAINER, ...more }] });
const withSecurity = (more: Container['securityContext']) =>
  withContainer({ securityContext: { ...CONTAINER.securityContext, ...more } });

test('pods as the chart makes them have no fault', () => {
  expect(faultsOfPods(workload())).toEqual([]);
  expect(faultsOfService(workload())).toEqual([]);
});

const planted: [string, Workload, RegExp][] = [
  ['root', withSecurity({ runAsUser: 0 }), /runs as root/],
  ['root by the pod', workload({ securityContext: { runAsUser: 0 } }), /may run as root/],
  ['privileges', withSecurity({ allowPrivilegeEscalation: true }), /may gain privileges/],
  ['capabilities', withSecurity({ capabilities: { drop: ['ALL'], add: ['NET_RAW'] } }), /adds capabilities/],
  ['a writable root', withSecurity({ readOnlyRootFilesystem: false }), /may write into its image/],
  ['no seccomp', workload({ securityContext: { runAsNonRoot: true, runAsUser: 65_532 } }), /no seccomp/],
  ['latest', withContainer({ image: 'nightjar-auth:latest' }), /latest/],
  ['no version', withContainer({ image: 'registry.example:5000/nightjar-auth' }), /without a version/],
  ['no limit', withContainer({ resources: { requests: { cpu: '1', memory: '1Mi' } } }), /no limit of memory/],
  ['a token', workload({ automountServiceAccountToken: true }), /is given a token/],
  ['service links', workload({ enableServiceLinks: true }), /addresses of all Services/],
  ['the host', workload({ hostNetwork: true }), /sees its host/],
  ['no probe', withContainer({ livenessProbe: undefined as never }), /no livenessProbe/],
  ['an endless volume', workload({ volumes: [{ name: 'tmp', emptyDir: {} }] }), /tmp has no limit/],
  [
    'a volume of the host',
    workload({ volumes: [{ name: 'tmp', hostPath: { path: '/' } } as never] }),
    /of a kind that we use/,
  ],
  [
    'a Secret for all',
    workload({ volumes: [{ name: 'tmp', secret: { secretName: 'x', defaultMode: 0o444 } }] }),
    /can be read by others/,
  ],
  [
    'a place to write',
    withContainer({ volumeMounts: [{ name: 'tmp', mountPath: '/app' }] }),
    /may write at \/app/,
  ],
  [
    'a projected token',
    workload({
      volumes: [
        { name: 'tmp', projected: { defaultMode: 0o440, sources: [{ serviceAccountToken: {} }] } as never },
      ],
    }),
    /not the secrets Job/,
  ],
  [
    'a secret variable',
    withContainer({ env: [{ name: 'PASSWORD', valueFrom: { secretKeyRef: {} } }] }),
    /secret in its environment: PASSWORD/,
  ],
  [
    'a URL with a password',
    withContainer({ env: [{ name: 'NIGHTJAR_X_URL', value: 'postgres://me:word@db' }] }),
    /password in its environment/,
  ],
];

test.each(planted)('%s is found', (_, planted, said) => {
  const faults = faultsOfPods(planted);
  expect(faults.join('\n')).toMatch(said);
  expect(faults[0]).toMatch(/^Deployment live\/nightjar-auth: /);
});

test('a service that asks the wrong path, or goes without a pause, is found', () => {
  const ask = (path: string) => ({ httpGet: { path, port: 'internal' } });
  expect(faultsOfService(withContainer({ livenessProbe: ask('/health/ready') }))).toEqual([
    'service nightjar-auth: livenessProbe does not ask /health/live',
  ]);
  expect(faultsOfService(withContainer({ lifecycle: {} }))).toHaveLength(1);
  expect(faultsOfService(workload({ terminationGracePeriodSeconds: 30 }))).toHaveLength(1);
});
