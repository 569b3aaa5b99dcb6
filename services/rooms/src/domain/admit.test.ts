import { expect, test } from '@jest/globals';
import { Role } from '@nightjar/contracts/gen/rooms/v1/rooms_pb';
import { roleIn } from './admit.ts';

const room = { broadcasterId: 'bcst_owner' };
const stranger = { pseudonym: '', broadcasterId: '' };

test.each([
  ['nobody as guest', { ...stranger, role: Role.GUEST }, false, Role.GUEST],
  ['nobody as viewer is a guest', { ...stranger, role: Role.VIEWER }, false, Role.GUEST],
  ['a pseudonym as viewer', { ...stranger, pseudonym: 'pn_a', role: Role.VIEWER }, false, Role.VIEWER],
  [
    'a pseudonym as guest gets no more',
    { ...stranger, pseudonym: 'pn_a', role: Role.GUEST },
    false,
    Role.GUEST,
  ],
  ['the banned or removed', { ...stranger, pseudonym: 'pn_a', role: Role.VIEWER }, true, undefined],
  ['the banned or removed as guest', { ...stranger, pseudonym: 'pn_a', role: Role.GUEST }, true, undefined],
  [
    'the owner',
    { ...stranger, broadcasterId: 'bcst_owner', role: Role.BROADCASTER },
    false,
    Role.BROADCASTER,
  ],
  ["the owner's bridge", { ...stranger, broadcasterId: 'bcst_owner', role: Role.BRIDGE }, false, Role.BRIDGE],
  ['another broadcaster', { ...stranger, broadcasterId: 'bcst_x', role: Role.BROADCASTER }, false, undefined],
  ["another's bridge", { ...stranger, broadcasterId: 'bcst_x', role: Role.BRIDGE }, false, undefined],
  ['nobody as broadcaster', { ...stranger, role: Role.BROADCASTER }, false, undefined],
  ['a role not said', { ...stranger, broadcasterId: 'bcst_owner', role: Role.UNSPECIFIED }, false, undefined],
  [
    'a role of a later version',
    { ...stranger, broadcasterId: 'bcst_owner', role: 99 as Role },
    false,
    undefined,
  ],
])('%s', (_, asker, keptOut, role) => {
  expect(roleIn(room, keptOut, asker)).toBe(role);
});
