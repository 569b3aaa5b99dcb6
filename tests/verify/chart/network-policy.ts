import { BlockList, isIPv6 } from 'node:net';
import type { Labels } from './manifest.ts';

interface LabelSelector {
  readonly matchLabels?: Labels;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
    readonly values?: readonly string[];
  }[];
}

interface Peer {
  readonly podSelector?: LabelSelector;
  readonly namespaceSelector?: LabelSelector;
  readonly ipBlock?: { readonly cidr: string; readonly except?: readonly string[] };
}

interface PolicyPort {
  readonly protocol?: string;
  readonly port?: number | string;
  readonly endPort?: number;
}

/** A NetworkPolicy of networking.k8s.io/v1. */
export interface NetworkPolicy {
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: {
    readonly podSelector: LabelSelector;
    readonly policyTypes?: readonly ('Ingress' | 'Egress')[];
    readonly ingress?: readonly { readonly from?: readonly Peer[]; readonly ports?: readonly PolicyPort[] }[];
    readonly egress?: readonly { readonly to?: readonly Peer[]; readonly ports?: readonly PolicyPort[] }[];
  };
}

/** One end of a connection: a pod, or an address that is none. */
export interface End {
  readonly address: string;
  readonly pod?: PodEnd;
}

export interface PodEnd {
  readonly namespace: string;
  readonly namespaceLabels: Labels;
  readonly labels: Labels;
  /** Its named ports. */
  readonly ports?: readonly { readonly name?: string; readonly port: number; readonly protocol: string }[];
}

export const PROTOCOLS = ['TCP', 'UDP', 'SCTP'] as const;

export interface Port {
  readonly protocol: (typeof PROTOCOLS)[number];
  readonly port: number;
}

/**
 * Whether a connection may be opened, as Kubernetes defines it: both ends' policies must let it through, a pod that no
 * policy selects in a direction is open in it, and policies only add. Addresses of pods count for `ipBlock` too, which
 * Kubernetes leaves to the network: so what is found unreachable is unreachable with any.
 */
export function mayConnect(policies: readonly NetworkPolicy[], from: End, to: End, port: Port): boolean {
  return (
    lets('Egress', policies, from, (policy) =>
      (policy.spec.egress ?? []).some(
        (rule) => hasPort(rule.ports, port, to) && hasPeer(rule.to, policy.metadata.namespace, to),
      ),
    ) &&
    lets('Ingress', policies, to, (policy) =>
      (policy.spec.ingress ?? []).some(
        (rule) => hasPort(rule.ports, port, to) && hasPeer(rule.from, policy.metadata.namespace, from),
      ),
    )
  );
}

/** Every port that a policy has a number for, both ends of a range too: where more may be open than is meant. */
export function portsOf({ spec }: NetworkPolicy): Port[] {
  return [...(spec.ingress ?? []), ...(spec.egress ?? [])]
    .flatMap((rule) => rule.ports ?? [])
    .flatMap(({ protocol = 'TCP', port, endPort }) =>
      [port, endPort]
        .filter((number) => typeof number === 'number')
        .map((number) => ({ protocol: protocol as Port['protocol'], port: number })),
    );
}

function lets(
  direction: 'Ingress' | 'Egress',
  policies: readonly NetworkPolicy[],
  { pod }: End,
  allows: (policy: NetworkPolicy) => boolean,
): boolean {
  if (!pod) return true;
  const selecting = policies.filter(
    (policy) =>
      policy.metadata.namespace === pod.namespace &&
      typesOf(policy).includes(direction) &&
      selects(policy.spec.podSelector, pod.labels),
  );
  return selecting.length === 0 || selecting.some(allows);
}

/** Without types, a policy is about ingress, and about egress where it has such rules. */
function typesOf({ spec }: NetworkPolicy): readonly ('Ingress' | 'Egress')[] {
  return spec.policyTypes ?? (spec.egress ? ['Ingress', 'Egress'] : ['Ingress']);
}

function hasPeer(peers: readonly Peer[] | undefined, namespace: string, end: End): boolean {
  // No list, and an empty one, are anybody.
  return !peers || peers.length === 0 || peers.some((peer) => isPeer(peer, namespace, end));
}

function isPeer(peer: Peer, namespace: string, { address, pod }: End): boolean {
  if (peer.ipBlock) {
    const { cidr, except = [] } = peer.ipBlock;
    return inRange(address, cidr) && !except.some((range) => inRange(address, range));
  }
  if (!pod) return false;
  return (
    (peer.namespaceSelector
      ? selects(peer.namespaceSelector, pod.namespaceLabels)
      : pod.namespace === namespace) && selects(peer.podSelector ?? {}, pod.labels)
  );
}

function hasPort(ports: readonly PolicyPort[] | undefined, { protocol, port }: Port, to: End): boolean {
  if (!ports || ports.length === 0) return true;
  return ports.some((each) => {
    if ((each.protocol ?? 'TCP') !== protocol) return false;
    if (each.port === undefined) return true;
    if (typeof each.port === 'string')
      return (to.pod?.ports ?? []).some(
        (own) => own.name === each.port && own.port === port && own.protocol === protocol,
      );
    return port >= each.port && port <= (each.endPort ?? each.port);
  });
}

function selects({ matchLabels = {}, matchExpressions = [] }: LabelSelector, labels: Labels): boolean {
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every((expression) => holds(expression, labels))
  );
}

function holds(
  { key, operator, values = [] }: NonNullable<LabelSelector['matchExpressions']>[number],
  labels: Labels,
): boolean {
  const value = labels[key];
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
  }
}

function inRange(address: string, cidr: string): boolean {
  const [network = '', bits] = cidr.split('/');
  const family = isIPv6(network) ? 'ipv6' : 'ipv4';
  if (isIPv6(address) !== (family === 'ipv6')) return false;
  const list = new BlockList();
  list.addSubnet(network, Number(bits), family);
  return list.check(address, family);
}
