import { expect, test } from '@jest/globals';
import { NATS_USERS, natsPermissions } from './nats-permissions.ts';
import { EVENT_SOURCES, FENCE_STREAM, ROOM_EVENTS_STREAM, sourceSubjects } from './subjects.ts';

const rows = NATS_USERS.map((user) => ({ user, ...natsPermissions(user) }));

test('nobody may say or hear whatever comes below a word', () => {
  for (const { publish, subscribe } of rows) expect([...publish, ...subscribe].join(' ')).not.toContain('>');
});

test('each hears what is asked of it and of nobody else, and answers to itself', () => {
  for (const { user, subscribe } of rows) {
    expect(subscribe.filter((subject) => subject.startsWith('rpc.'))).toEqual(
      user === 'setup' ? [] : [`rpc.${user}.v1.*`],
    );
    expect(subscribe.filter((subject) => subject.startsWith('_INBOX'))).toEqual([
      `_INBOX_${user}.*.*`,
      `_INBOX_${user}.*`,
    ]);
  }
});

test('each source tells its own, and nobody hears it but out of the stream', () => {
  for (const { user, publish, subscribe } of rows) {
    const told = publish.filter((subject) => subject.startsWith('evt.'));
    expect(told).toEqual(EVENT_SOURCES.filter((source) => source === user).map(sourceSubjects));
    expect(subscribe.filter((subject) => subject.startsWith('evt.'))).toEqual([]);
  }
});

test('JetStream is asked about our two streams alone, each by whoever works with it', () => {
  const who = (stream: string) =>
    rows
      .filter(({ publish }) =>
        publish.some((subject) => subject.startsWith('$JS.') && subject.includes(stream)),
      )
      .map(({ user }) => user);
  expect(who(ROOM_EVENTS_STREAM.name)).toEqual(['rooms', 'payments', 'events', 'setup']);
  expect(who(FENCE_STREAM)).toEqual(['rooms', 'events', 'geofence', 'setup']);
  for (const { publish } of rows)
    for (const subject of publish.filter((each) => each.startsWith('$JS.')))
      expect(subject).toMatch(new RegExp(`\\.(${ROOM_EVENTS_STREAM.name}|${FENCE_STREAM})(\\.|$)`));
});

test('setup makes and changes streams, and does nothing else', () => {
  const { publish, allowResponses } = natsPermissions('setup');
  for (const subject of publish) expect(subject).toMatch(/^\$JS\.API\.STREAM\.(INFO|CREATE|UPDATE)\./);
  expect(allowResponses).toBe(false);
});
