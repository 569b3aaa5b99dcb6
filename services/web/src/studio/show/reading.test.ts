import { expect, test } from '@jest/globals';
import { readingOf } from './reading.ts';

const report = (...stats: { id: string; type: string; [name: string]: unknown }[]) =>
  new Map(stats.map((stat) => [stat.id, stat])) as unknown as RTCStatsReport;

test('picture and sound are read together, and the connection that both share once', () => {
  const pair = {
    id: 'pair',
    type: 'candidate-pair',
    nominated: true,
    availableOutgoingBitrate: 3_000_000,
    currentRoundTripTime: 0.031,
    localCandidateId: 'local',
  };
  const local = { id: 'local', type: 'local-candidate', protocol: 'udp', candidateType: 'host' };
  const big = {
    id: 'big',
    type: 'outbound-rtp',
    kind: 'video',
    bytesSent: 1_000,
    packetsSent: 10,
    framesPerSecond: 29,
    frameHeight: 720,
    qualityLimitationReason: 'bandwidth',
  };
  const small = {
    ...big,
    id: 'small',
    frameHeight: 360,
    framesPerSecond: 15,
    qualityLimitationReason: 'none',
  };
  const sound = { id: 'sound', type: 'outbound-rtp', kind: 'audio', bytesSent: 50, packetsSent: 5 };
  const lost = { id: 'lost', type: 'remote-inbound-rtp', packetsLost: 3 };
  expect(readingOf([report(pair, local, big, small, lost), report(pair, local, sound, lost)], 7)).toEqual({
    atMono: 7,
    bytesSent: 2_050,
    packetsSent: 25,
    packetsLost: 3,
    frames: 29,
    height: 720,
    limited: 'bandwidth',
    availableBits: 3_000_000,
    roundTripMs: 31,
    detour: false,
  });
});

test('a picture that goes by TCP or a relay takes a detour', () => {
  const pair = { id: 'pair', type: 'candidate-pair', nominated: true, localCandidateId: 'local' };
  const by = (local: Record<string, string>) =>
    readingOf([report(pair, { id: 'local', type: 'local-candidate', ...local })], 0).detour;
  expect(by({ protocol: 'tcp', candidateType: 'host' })).toBe(true);
  expect(by({ protocol: 'udp', candidateType: 'relay' })).toBe(true);
  expect(by({ protocol: 'udp', candidateType: 'srflx' })).toBe(false);
});
