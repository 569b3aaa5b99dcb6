import { expect, test } from '@jest/globals';
import type { KubeObject } from './manifest.ts';
import { compareReach } from './reachability.ts';
import type { Variant } from './variants.ts';

const component = (name: string) => ({ 'app.kubernetes.io/component': name });

function deployment(name: string): KubeObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'live' },
    spec: {
      template: {
        metadata: { labels: component(name) },
        spec: {
          containers: [
            {
              name,
              image: name,
              ports: [
                { name: 'http', containerPort: 8080 },
                { name: 'internal', containerPort: 8081 },
              ],
            },
          ],
        },
      },
    },
  };
}

function policy(name: string, spec: object): KubeObject {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name, namespace: 'live' },
    spec: {
      podSelector: { matchLabels: component(name) },
      policyTypes: ['Ingress', 'Egress'],
      ...spec,
    },
  };
}

const peer = (name: string) => [{ podSelector: { matchLabels: component(name) } }];
const http = [{ port: 8080 }];
const EDGE = policy('edge', { ingress: [{ ports: http }], egress: [{ ports: http, to: peer('auth') }] });
const AUTH = policy('auth', { ingress: [{ ports: http, from: peer('edge') }] });
const PODS = [deployment('edge'), deployment('auth')];
const VARIANT: Variant = {
  name: 'small',
  release: 'nightjar',
  namespace: 'live',
  others: [{ party: 'front', address: '198.51.100.7', anywhere: true }],
};
const TALKS = [
  { from: ['front'], to: ['edge'], port: 'http', numbers: ['8080'] },
  { from: ['edge'], to: ['auth'], port: 'http', numbers: ['8080'] },
];

test('policies that say what the table says have no fault', () => {
  const { faults, open, compared } = compareReach([...PODS, EDGE, AUTH], VARIANT, TALKS);
  expect(faults).toEqual([]);
  // Anybody to the edge: who is in front, two strange pods and a strange address; and the edge to auth. But auth may not.
  expect(open).toBe(5);
  expect(compared).toBeGreaterThan(open);
});

test('what is in the table and is not let through is named', () => {
  const shut = policy('auth', { ingress: [] });
  expect(compareReach([...PODS, EDGE, shut], VARIANT, TALKS).faults).toEqual([
    'edge → auth 8080/TCP (http): in the table, but not let through',
  ]);
});

test('what is let through and is not in the table is named, a pod without a policy too', () => {
  const open = policy('auth', { ingress: [{ from: peer('edge') }] });
  expect(compareReach([...PODS, EDGE, open], VARIANT, TALKS).faults).toEqual([]);
  const wide = policy('auth', { ingress: [{ ports: http, from: [...peer('edge'), { podSelector: {} }] }] });
  expect(compareReach([...PODS, EDGE, wide], VARIANT, TALKS).faults).toContain(
    'a strange pod in live → auth 8080/TCP (http): let through, but not in the table',
  );
  expect(compareReach([...PODS, EDGE], VARIANT, TALKS).faults).toContain(
    'front (198.51.100.7) → auth 8081/TCP (internal): let through, but not in the table',
  );
});

test.each([
  ['mail to anybody', { port: 25 }, ['25/TCP']],
  ['a range, at both ends', { port: 1_000, endPort: 2_000 }, ['1000/TCP', '2000/TCP']],
  ['all UDP', { protocol: 'UDP' }, ['9/UDP']],
  ['all SCTP', { protocol: 'SCTP' }, ['9/SCTP']],
])('a way out that is too wide is named: %s', (_, port, seen) => {
  const edge = policy('edge', {
    ingress: [{ ports: http }],
    egress: [
      { ports: http, to: peer('auth') },
      { ports: [port], to: [{ ipBlock: { cidr: '0.0.0.0/0' } }] },
    ],
  });
  const { faults } = compareReach([...PODS, edge, AUTH], VARIANT, TALKS);
  for (const end of seen)
    expect(faults).toContain(
      `edge → a strange address ${end} (no port of ours): let through, but not in the table`,
    );
});

test('a way in at a port that has no name is named, whoever it is for', () => {
  const open = policy('auth', {
    ingress: [{ ports: http, from: peer('edge') }, { ports: [{ port: 9_229 }] }],
  });
  expect(compareReach([...PODS, EDGE, open], VARIANT, TALKS).faults).toContain(
    'a strange pod in live → auth 9229/TCP (no port of ours): let through, but not in the table',
  );
});
