/** Every subject, stream and bucket name on NATS. Nothing else in the project spells one. */

import type { DescMethod, DescService } from '@bufbuild/protobuf';

/** `nightjar.payments.v1.PaymentsService` + `Tip` → `rpc.payments.v1.Tip`. */
export function rpcSubject(method: DescMethod): string {
  return `${rpcPrefix(method.parent)}.${method.name}`;
}

/** `rpc.payments.v1`: what a service's NATS user may subscribe to below. */
export function rpcPrefix(service: DescService): string {
  const [, name, version] = service.typeName.split('.');
  return `rpc.${name}.${version}`;
}

/** The queue group in which all pods of a service answer. */
export function rpcQueue(service: DescService): string {
  return rpcPrefix(service).replaceAll('.', '-');
}

/** Rooms are spread over so many partitions; a room's events stay in one, in order. Never changes on a live installation. */
export const PARTITIONS = 64;

export function partitionOf(roomId: string): number {
  // FNV-1a: well spread over short ids, the same in every language, and no secret depends on it.
  let hash = 0x811c9dc5;
  for (let i = 0; i < roomId.length; i++) hash = Math.imul(hash ^ roomId.charCodeAt(i), 0x01000193);
  return (hash >>> 0) % PARTITIONS;
}

/** Services that publish room events through an outbox. */
export const EVENT_SOURCES = ['payments', 'rooms'] as const;
export type EventSource = (typeof EVENT_SOURCES)[number];

/** `evt.payments.v1.tip_accepted.17` */
export function eventSubject(source: EventSource, event: string, partition: number): string {
  return `evt.${source}.v1.${event}.${partition}`;
}

/** All events of one source in one partition. */
export function partitionFilter(source: EventSource, partition: number): string {
  return `evt.${source}.v1.*.${partition}`;
}

/** All that one source publishes. */
export function sourceSubjects(source: EventSource): string {
  return `evt.${source}.v1.*.*`;
}

/** The JetStream stream that carries all room events; it can be rebuilt from the outboxes. */
export const ROOM_EVENTS_STREAM = { name: 'ROOM_EVENTS', subjects: ['evt.*.v1.*.*'] } as const;

/** The durable consumer of one partition, shared by all `events` pods, pinned to one of them at a time. */
export function roomLogConsumer(partition: number): string {
  return `room-log-${partition}`;
}

/** The KV bucket with one signed fence policy per room, keyed by room id. */
export const FENCE_BUCKET = 'fence-policies';

/** The stream that a KV bucket is made of. */
export const FENCE_STREAM = `KV_${FENCE_BUCKET}`;

/** What each policy put into the bucket is published as; `*` for those of all rooms. */
export function fencePolicySubject(roomId: string): string {
  return `$KV.${FENCE_BUCKET}.${roomId}`;
}

/** Core NATS, to every pod of events: an edge goes, and whoever came through it is to come in by another one. */
export const EDGE_GOING_SUBJECT = 'ctl.events.v1.edge_going';

const INBOX = '_INBOX';

/** What a NATS user's inboxes begin with, so that nobody hears the answers to another one. */
export function inboxPrefix(user: string): string {
  return `${INBOX}_${user}`;
}

/** Whether a subject is one where answers are waited for. */
export function isInbox(subject: string): boolean {
  return subject.startsWith(INBOX);
}
