import { expect, test } from '@jest/globals';
import { type End, mayConnect, type NetworkPolicy } from './network-policy.ts';

const pod = (name: string, namespace = 'live', address = '10.244.0.9'): End => ({
  address,
  pod: {
    namespace,
    namespaceLabels: { 'kubernetes.io/metadata.name': namespace },
    labels: { app: name },
    ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
  },
});
const outside: End = { address: '198.51.100.7' };
const web = { protocol: 'TCP', port: 8080 } as const;

function policy(name: string, spec: Partial<NetworkPolicy['spec']>, namespace = 'live'): NetworkPolicy {
  return {
    metadata: { name, namespace },
    spec: { podSelector: { matchLabels: { app: name } }, policyTypes: ['Ingress', 'Egress'], ...spec },
  };
}
const from = (name: string) => [{ podSelector: { matchLabels: { app: name } } }];

test('a pod that no policy selects is open, and one that is selected is shut', () => {
  expect(mayConnect([], pod('a'), pod('b'), web)).toBe(true);
  expect(mayConnect([policy('b', {})], pod('a'), pod('b'), web)).toBe(false);
  expect(mayConnect([policy('a', {})], pod('a'), pod('b'), web)).toBe(false);
  expect(mayConnect([policy('b', {}, 'other')], pod('a'), pod('b'), web)).toBe(true);
});

test('one half of a connection is not enough', () => {
  const egress = policy('a', { egress: [{ to: from('b') }] });
  const ingress = policy('b', { ingress: [{ from: from('a') }] });
  expect(mayConnect([egress, policy('b', {})], pod('a'), pod('b'), web)).toBe(false);
  expect(mayConnect([policy('a', {}), ingress], pod('a'), pod('b'), web)).toBe(false);
  expect(mayConnect([egress, ingress], pod('a'), pod('b'), web)).toBe(true);
  expect(mayConnect([egress, ingress], pod('b'), pod('a'), web)).toBe(false);
});

test('a pod selector alone is about the namespace of its policy', () => {
  const ingress = policy('b', { ingress: [{ from: from('a') }] });
  expect(mayConnect([ingress], pod('a', 'other'), pod('b'), web)).toBe(false);
  const both = policy('b', {
    ingress: [
      {
        from: [
          {
            podSelector: { matchLabels: { app: 'a' } },
            namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'other' } },
          },
        ],
      },
    ],
  });
  expect(mayConnect([both], pod('a', 'other'), pod('b'), web)).toBe(true);
  expect(mayConnect([both], pod('c', 'other'), pod('b'), web)).toBe(false);
  expect(mayConnect([both], pod('a'), pod('b'), web)).toBe(false);
});

test('a namespace selector alone is all pods of those namespaces, and no address', () => {
  const ingress = policy('b', { ingress: [{ from: [{ namespaceSelector: {} }] }] });
  expect(mayConnect([ingress], pod('x', 'other'), pod('b'), web)).toBe(true);
  expect(mayConnect([ingress], outside, pod('b'), web)).toBe(false);
});

test('ports are of their protocol, by number, range or name, and none is all', () => {
  const to = (ports: NonNullable<NetworkPolicy['spec']['ingress']>[number]['ports']) =>
    policy('b', { ingress: [ports ? { ports } : {}] });
  const udp = { protocol: 'UDP', port: 8080 } as const;
  expect(mayConnect([to(undefined)], outside, pod('b'), udp)).toBe(true);
  expect(mayConnect([to([{ port: 8080 }])], outside, pod('b'), web)).toBe(true);
  expect(mayConnect([to([{ port: 8080 }])], outside, pod('b'), udp)).toBe(false);
  expect(mayConnect([to([{ port: 8000, endPort: 8080 }])], outside, pod('b'), web)).toBe(true);
  expect(mayConnect([to([{ port: 8000, endPort: 8079 }])], outside, pod('b'), web)).toBe(false);
  expect(mayConnect([to([{ port: 'http' }])], outside, pod('b'), web)).toBe(true);
  expect(mayConnect([to([{ port: 'http' }])], outside, pod('b'), { ...web, port: 8081 })).toBe(false);
});

test('a range of addresses has its exceptions, and is of its family', () => {
  const to = (cidr: string, except: string[] = []) =>
    policy('a', { egress: [{ to: [{ ipBlock: { cidr, except } }] }] });
  expect(mayConnect([to('198.51.100.0/24')], pod('a'), outside, web)).toBe(true);
  expect(mayConnect([to('198.51.100.0/24', ['198.51.100.0/28'])], pod('a'), outside, web)).toBe(false);
  expect(mayConnect([to('::/0')], pod('a'), outside, web)).toBe(false);
  expect(mayConnect([to('0.0.0.0/0')], pod('a'), pod('b'), web)).toBe(true);
});

test('policies add up', () => {
  const policies = [
    policy('b', { ingress: [{ from: from('a') }] }),
    { ...policy('b', { ingress: [{ from: from('c') }] }), metadata: { name: 'second', namespace: 'live' } },
  ];
  expect(mayConnect(policies, pod('a'), pod('b'), web)).toBe(true);
  expect(mayConnect(policies, pod('c'), pod('b'), web)).toBe(true);
  expect(mayConnect(policies, pod('d'), pod('b'), web)).toBe(false);
});

test('without types a policy is about ingress, and about egress where it has such rules', () => {
  const plain = { metadata: { name: 'a', namespace: 'live' }, spec: { podSelector: {} } };
  expect(mayConnect([plain], pod('a'), outside, web)).toBe(true);
  expect(mayConnect([plain], outside, pod('a'), web)).toBe(false);
  const withEgress = { ...plain, spec: { podSelector: {}, egress: [] } };
  expect(mayConnect([withEgress], pod('a'), outside, web)).toBe(false);
});

test('a selector by expressions', () => {
  const among = (operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist', key = 'app', values: string[] = []) =>
    policy('b', {
      ingress: [{ from: [{ podSelector: { matchExpressions: [{ key, operator, values }] } }] }],
    });
  expect(mayConnect([among('In', 'app', ['a'])], pod('a'), pod('b'), web)).toBe(true);
  expect(mayConnect([among('NotIn', 'app', ['a'])], pod('a'), pod('b'), web)).toBe(false);
  expect(mayConnect([among('Exists')], pod('a'), pod('b'), web)).toBe(true);
  expect(mayConnect([among('DoesNotExist', 'tier')], pod('a'), pod('b'), web)).toBe(true);
});
