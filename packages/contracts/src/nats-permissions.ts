/** Who may say and hear what on NATS: a user for each service, and `setup`, who makes the streams. Nobody else is there. */

import type { DescMethod, DescService } from '@bufbuild/protobuf';
import { AuthService } from '../gen/nightjar/auth/v1/auth_pb.js';
import { EventsService } from '../gen/nightjar/events/v1/events_pb.js';
import { GeofenceService } from '../gen/nightjar/geofence/v1/geofence_pb.js';
import { PaymentsService } from '../gen/nightjar/payments/v1/payments_pb.js';
import { RoomsService } from '../gen/nightjar/rooms/v1/rooms_pb.js';
import {
  EDGE_GOING_SUBJECT,
  type EventSource,
  FENCE_STREAM,
  fencePolicySubject,
  inboxPrefix,
  ROOM_EVENTS_STREAM,
  rpcPrefix,
  rpcSubject,
  sourceSubjects,
} from './subjects.ts';

export const NATS_USERS = ['auth', 'rooms', 'payments', 'events', 'geofence', 'setup'] as const;
export type NatsUser = (typeof NATS_USERS)[number];

/** Subjects, where `*` is any one word. What is not listed is refused. */
export interface NatsPermissions {
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
  /** May answer each message that it was sent, once, wherever the asker wants the answer. */
  readonly allowResponses: boolean;
}

type Rights = Partial<Omit<NatsPermissions, 'allowResponses'>>;

const ROOM_EVENTS = ROOM_EVENTS_STREAM.name;

const api = (...words: string[]): string => ['$JS.API', ...words].join('.');

function serves(service: DescService): Rights {
  return { subscribe: [`${rpcPrefix(service)}.*`] };
}

function calls(...methods: DescMethod[]): Rights {
  return { publish: methods.map(rpcSubject) };
}

/** Makes a stream that is not there, as on a NATS that lost its disk; one that is there is not changed by it. */
function makes(stream: string): Rights {
  return { publish: [api('STREAM.INFO', stream), api('STREAM.CREATE', stream)] };
}

function changes(stream: string): Rights {
  return { publish: [api('STREAM.UPDATE', stream)] };
}

/** Publishes what its outbox holds. */
function tells(source: EventSource): Rights {
  return { publish: [sourceSubjects(source)] };
}

/** Takes room events by the consumers of the partitions. */
const FOLLOWS_ROOM_EVENTS: Rights = {
  publish: [
    api('CONSUMER.DURABLE.CREATE', ROOM_EVENTS, '*'),
    api('CONSUMER.INFO', ROOM_EVENTS, '*'),
    api('CONSUMER.MSG.NEXT', ROOM_EVENTS, '*'),
    // The consumer, and what the server counts; later servers may put the domain and the account before it (NATS's ADR-15).
    `$JS.ACK.${ROOM_EVENTS}.*.*.*.*.*.*`,
    `$JS.ACK.*.*.${ROOM_EVENTS}.*.*.*.*.*.*`,
  ],
};

/** Reads all policies, in batches and without a consumer. */
const READS_POLICIES: Rights = {
  publish: [api('STREAM.INFO', FENCE_STREAM), api('DIRECT.GET', FENCE_STREAM)],
};

const HEARS_POLICIES: Rights = { subscribe: [fencePolicySubject('*')] };

/** Puts a policy after it has looked at the one that is there. */
const PUTS_POLICIES: Rights = {
  publish: [fencePolicySubject('*'), api('STREAM.MSG.GET', FENCE_STREAM)],
};

/** Tells the other pods, and is told. */
const SAYS_THAT_EDGES_GO: Rights = { publish: [EDGE_GOING_SUBJECT], subscribe: [EDGE_GOING_SUBJECT] };

const getJwks = AuthService.method.getJwks;

const RIGHTS: Readonly<Record<NatsUser, readonly Rights[]>> = {
  auth: [serves(AuthService)],
  rooms: [
    serves(RoomsService),
    calls(
      getJwks,
      EventsService.method.redeemTicket,
      EventsService.method.countViewers,
      GeofenceService.method.createFence,
    ),
    tells('rooms'),
    makes(ROOM_EVENTS),
    READS_POLICIES,
    HEARS_POLICIES,
  ],
  payments: [
    serves(PaymentsService),
    calls(getJwks, RoomsService.method.getRoom),
    tells('payments'),
    makes(ROOM_EVENTS),
  ],
  events: [
    serves(EventsService),
    calls(
      getJwks,
      RoomsService.method.admit,
      RoomsService.method.getRoom,
      RoomsService.method.listRoomEvents,
      PaymentsService.method.tip,
      PaymentsService.method.settle,
      PaymentsService.method.listRoomEvents,
    ),
    FOLLOWS_ROOM_EVENTS,
    READS_POLICIES,
    HEARS_POLICIES,
    SAYS_THAT_EDGES_GO,
  ],
  geofence: [serves(GeofenceService), calls(getJwks), makes(FENCE_STREAM), READS_POLICIES, PUTS_POLICIES],
  setup: [makes(ROOM_EVENTS), changes(ROOM_EVENTS), makes(FENCE_STREAM), changes(FENCE_STREAM)],
};

/** One for all requests of a connection, a word for each, and one for each answer of several parts. */
function inboxesOf(user: NatsUser): string[] {
  return [`${inboxPrefix(user)}.*.*`, `${inboxPrefix(user)}.*`];
}

/** What a user may do and no more. Answers to what it asks come to inboxes of its own (`inboxPrefix`). */
export function natsPermissions(user: NatsUser): NatsPermissions {
  const rights = RIGHTS[user];
  return {
    publish: [...new Set(rights.flatMap(({ publish = [] }) => publish))],
    subscribe: [...rights.flatMap(({ subscribe = [] }) => subscribe), ...inboxesOf(user)],
    allowResponses: user !== 'setup',
  };
}
