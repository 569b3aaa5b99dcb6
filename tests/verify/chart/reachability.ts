import { isIPv6 } from 'node:net';
import type { Talk } from '../../../scripts/lib/who-talks.ts';
import { containersOf, type KubeObject, type Labels, workloadsOf } from './manifest.ts';
import {
  type End,
  mayConnect,
  type NetworkPolicy,
  type PodEnd,
  type Port,
  PROTOCOLS,
  portsOf,
} from './network-policy.ts';
import type { Other, Variant } from './variants.ts';

interface Somebody extends End {
  readonly title: string;
  /** Undefined for a stranger: somebody whom the table does not know. */
  readonly party: string | undefined;
  readonly ours: boolean;
  readonly anywhere: boolean;
  readonly ports: readonly NamedPort[];
}

interface NamedPort extends Port {
  readonly name: string;
}

const NO_NAME = 'no port of ours';
/** Nobody listens there; they stand for every port that no policy has a number for. */
const UNNAMED: readonly Port[] = PROTOCOLS.map((protocol) => ({ protocol, port: 9 }));

/** What a pod calls its ports, where the table has another word. */
const PORT_WORDS: Readonly<Record<string, string>> = {
  'media-tcp': 'media',
  turn: 'media',
  'turn-tls': 'media',
};
const PARTY_OF: Readonly<Record<string, string>> = { valkey: 'redis' };

export interface Comparison {
  /** Pairs and ports that were looked at. */
  readonly compared: number;
  /** Those of them that are let through. */
  readonly open: number;
  readonly faults: readonly string[];
}

/** What the rendered policies let through, beside the table, in both directions: nothing missing, nothing more. */
export function compareReach(
  objects: readonly KubeObject[],
  { namespace, others }: Variant,
  talks: readonly Talk[],
): Comparison {
  const policies = objects.filter(({ kind }) => kind === 'NetworkPolicy') as unknown as NetworkPolicy[];
  const everybody = withStrangers(
    [...podsOf(objects), ...others.map(toSomebody)],
    [namespace, ...new Set(objects.flatMap((object) => object.metadata.namespace ?? []))],
  );
  const named = everybody.flatMap((each) => each.ports);
  // A policy may open a port by its number that nobody has a name for.
  const numbers = [...UNNAMED, ...policies.flatMap(portsOf)].map((port) => ({ ...port, name: NO_NAME }));
  const faults: string[] = [];
  let compared = 0;
  let open = 0;
  for (const from of everybody) {
    for (const to of everybody) {
      if (from === to || (!from.ours && !to.ours)) continue;
      // A stranger may have anything at any port.
      for (const port of distinct([...numbers, ...(to.party === undefined ? named : to.ports)])) {
        const is = mayConnect(policies, from, to, port);
        const should = isInTable(talks, everybody, from, to, port);
        compared++;
        if (is) open++;
        if (is === should) continue;
        faults.push(
          `${from.title} → ${to.title} ${port.port}/${port.protocol} (${port.name}): ` +
            (is ? 'let through, but not in the table' : 'in the table, but not let through'),
        );
      }
    }
  }
  return { compared, open, faults };
}

function isInTable(
  talks: readonly Talk[],
  everybody: readonly Somebody[],
  from: Somebody,
  to: Somebody,
  port: NamedPort,
): boolean {
  return talks.some((talk) => {
    const comes =
      // Who may be anywhere is not told apart from anybody, and is not let in as more.
      (from.party !== undefined && !from.anywhere && talk.from.includes(from.party)) ||
      // Whoever is none of ours is also anybody.
      (!from.ours &&
        (talk.from.includes('outside') || (talk.from.includes('front') && anybodyIs(everybody, 'front'))));
    if (!comes) return false;
    const isKnownThere = to.party !== undefined && (to.ours || port.name !== NO_NAME);
    if (isKnownThere) return talk.to.includes(to.party) && talk.port === port.name;
    // Whoever is sent to an engine anywhere may be sent to a stranger, or to another engine, at that engine's port.
    return everybody.some(
      (other) =>
        other.anywhere &&
        other.party !== undefined &&
        talk.to.includes(other.party) &&
        other.ports.some((its) => its.name === talk.port && key(its) === key(port)),
    );
  });
}

function anybodyIs(everybody: readonly Somebody[], party: string): boolean {
  return everybody.some((each) => each.party === party && each.anywhere);
}

function podsOf(objects: readonly KubeObject[]): Somebody[] {
  return workloadsOf(objects).map(({ component, namespace, labels, pod }, index) => {
    const ports = containersOf(pod)
      .flatMap((container) => container.ports ?? [])
      .map(({ name = '', containerPort, protocol = 'TCP' }) => ({
        name: PORT_WORDS[name] ?? name,
        protocol: protocol as Port['protocol'],
        port: containerPort,
      }));
    return {
      title: component,
      party: PARTY_OF[component] ?? component,
      ours: true,
      anywhere: false,
      address: `10.244.0.${index + 10}`,
      ports,
      pod: inNamespace(namespace, labels, ports),
    };
  });
}

function toSomebody({ party, pod, address, ports = {}, anywhere = false }: Other, index: number): Somebody {
  return {
    title: pod || address ? `${party} (${pod?.namespace ?? address})` : party,
    party,
    ours: false,
    anywhere,
    address: address ?? `10.244.1.${index + 10}`,
    ports: Object.entries(ports).flatMap(([name, each]) =>
      each.map((text) => {
        const [port, protocol] = text.split('/') as [string, Port['protocol']];
        return { name, protocol, port: Number(port) };
      }),
    ),
    ...(pod ? { pod: inNamespace(pod.namespace, pod.labels) } : {}),
  };
}

/** Others in the same cluster, in each namespace of ours too, and somebody in the world, by both families. */
function withStrangers(known: readonly Somebody[], namespaces: readonly string[]): Somebody[] {
  const stranger = (title: string, address: string, pod?: PodEnd): Somebody => ({
    title,
    address,
    party: undefined,
    ours: false,
    anywhere: false,
    ports: [],
    ...(pod ? { pod } : {}),
  });
  return [
    ...known,
    ...[...new Set([...namespaces, 'elsewhere'])].map((namespace, index) =>
      stranger(
        `a strange pod in ${namespace}`,
        `10.244.2.${index + 10}`,
        inNamespace(namespace, { app: 'x' }),
      ),
    ),
    stranger('a strange address', '203.0.113.99'),
    ...(known.some(({ address }) => isIPv6(address)) ? [stranger('a strange address', '2001:db8::99')] : []),
  ];
}

function inNamespace(namespace: string, labels: Labels, ports: readonly NamedPort[] = []): PodEnd {
  return { namespace, namespaceLabels: { 'kubernetes.io/metadata.name': namespace }, labels, ports };
}

/** The last of each. */
function distinct(ports: readonly NamedPort[]): NamedPort[] {
  return [...new Map(ports.map((port) => [key(port), port])).values()];
}

function key({ protocol, port }: Port): string {
  return `${port}/${protocol}`;
}
