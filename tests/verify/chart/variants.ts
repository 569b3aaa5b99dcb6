import type { Labels } from './manifest.ts';

/** Somebody who is no pod of the chart. */
export interface Other {
  /** The party of docs/architecture.md that it is. */
  readonly party: string;
  readonly pod?: { readonly namespace: string; readonly labels: Labels };
  /** Where it is, if it is no pod. */
  readonly address?: string;
  /** Its ports, by the names of docs/architecture.md. */
  readonly ports?: Readonly<Record<string, readonly `${number}/${'TCP' | 'UDP'}`[]>>;
  /** The chart was not told where it is: it may be anywhere, so all may be reached at its port, and it does not come in. */
  readonly anywhere?: boolean;
}

/** One way to install, from helm/nightjar/ci, and who is around. */
export interface Variant {
  readonly name: string;
  readonly release: string;
  readonly namespace: string;
  /** Namespaces that must be there before. */
  readonly brings?: readonly string[];
  readonly others: readonly Other[];
}

const named = (name: string): Labels => ({ 'app.kubernetes.io/name': name });

const ANYBODY: Other = { party: 'front', address: '198.51.100.7', anywhere: true };
const DNS: Other = {
  party: 'dns',
  pod: { namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' } },
  ports: { dns: ['53/UDP', '53/TCP'] },
};
const KUBERNETES: Other = {
  party: 'kubernetes',
  address: '192.0.2.200',
  ports: { api: ['443/TCP', '6443/TCP'] },
  anywhere: true,
};

export const VARIANTS: readonly Variant[] = [
  { name: 'minimal', release: 'nightjar', namespace: 'live', others: [ANYBODY, DNS, KUBERNETES] },
  {
    name: 'high-availability',
    release: 'main',
    namespace: 'live-ha',
    brings: ['media'],
    others: [
      DNS,
      KUBERNETES,
      { party: 'front', pod: { namespace: 'gateway', labels: named('envoy') } },
      {
        party: 'postgres',
        pod: { namespace: 'databases', labels: { 'cnpg.io/cluster': 'main' } },
        ports: { postgres: ['5432/TCP'] },
      },
      {
        party: 'redis',
        pod: { namespace: 'databases', labels: named('valkey') },
        ports: { redis: ['6379/TCP'] },
      },
      {
        party: 'nats',
        pod: { namespace: 'messaging', labels: named('nats') },
        ports: { nats: ['4222/TCP'] },
      },
      { party: 'collector', pod: { namespace: 'monitoring', labels: named('prometheus') } },
      {
        party: 'otlp',
        pod: { namespace: 'monitoring', labels: named('collector') },
        ports: { otlp: ['4318/TCP'] },
      },
    ],
  },
  {
    name: 'bring-your-own',
    release: 'own',
    namespace: 'live-own',
    others: [
      ANYBODY,
      DNS,
      { party: 'postgres', address: '192.0.2.1', ports: { postgres: ['5433/TCP'] } },
      { party: 'redis', address: '192.0.2.17', ports: { redis: ['6380/TCP'] } },
      { party: 'nats', address: '203.0.113.22', ports: { nats: ['4222/TCP'] }, anywhere: true },
      {
        party: 'livekit',
        address: '203.0.113.23',
        ports: { http: ['443/TCP'], media: ['30882/UDP'] },
        anywhere: true,
      },
    ],
  },
  {
    name: 'load-balancer',
    release: 'balanced',
    namespace: 'live-balanced',
    others: [
      DNS,
      { party: 'dns', address: '169.254.20.10', ports: { dns: ['53/UDP', '53/TCP'] } },
      { party: 'kubernetes', address: '192.0.2.200', ports: { api: ['6443/TCP'] } },
      { party: 'front', address: '192.0.2.3' },
      { party: 'front', address: '2001:db8:1::7' },
      { party: 'redis', address: '192.0.2.33', ports: { redis: ['6380/TCP'] } },
    ],
  },
  {
    name: 'cloudflare',
    release: 'worker',
    namespace: 'live-worker',
    others: [
      ANYBODY,
      DNS,
      KUBERNETES,
      { party: 'tunnel', pod: { namespace: 'cloudflared', labels: named('cloudflared') } },
    ],
  },
];
