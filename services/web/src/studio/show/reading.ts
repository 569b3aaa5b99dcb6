import type { Reading } from './health.ts';

interface Outbound {
  readonly type: 'outbound-rtp';
  readonly kind: string;
  readonly bytesSent?: number;
  readonly packetsSent?: number;
  readonly framesPerSecond?: number;
  readonly frameHeight?: number;
  readonly qualityLimitationReason?: string;
}

interface RemoteInbound {
  readonly type: 'remote-inbound-rtp';
  readonly packetsLost?: number;
}

interface Pair {
  readonly type: 'candidate-pair';
  readonly nominated?: boolean;
  readonly state?: string;
  readonly availableOutgoingBitrate?: number;
  readonly currentRoundTripTime?: number;
  readonly localCandidateId?: string;
}

interface Candidate {
  readonly type: 'local-candidate';
  readonly id: string;
  readonly protocol?: string;
  readonly candidateType?: string;
}

type Stat = Outbound | RemoteInbound | Pair | Candidate | { readonly type: 'other' };

/** What several senders' reports say together; each has the connection's own figures in it too. */
export function readingOf(reports: readonly RTCStatsReport[], atMono: number): Reading {
  // One id is one thing, in however many reports it stands.
  const stats = [...new Map(reports.flatMap((report) => [...report.entries()])).values()] as Stat[];
  const outbound = stats.filter((stat): stat is Outbound => stat.type === 'outbound-rtp');
  const pictures = outbound
    .filter(({ kind, frameHeight }) => kind === 'video' && frameHeight !== undefined)
    .sort((a, b) => (b.frameHeight ?? 0) - (a.frameHeight ?? 0));
  const top = pictures[0];
  const lost = stats.filter((stat): stat is RemoteInbound => stat.type === 'remote-inbound-rtp');
  const pair = stats.find((stat): stat is Pair => stat.type === 'candidate-pair' && stat.nominated === true);
  const local = stats.find(
    (stat): stat is Candidate => stat.type === 'local-candidate' && stat.id === pair?.localCandidateId,
  );
  return {
    atMono,
    bytesSent: sum(outbound.map(({ bytesSent }) => bytesSent)),
    packetsSent: sum(outbound.map(({ packetsSent }) => packetsSent)),
    packetsLost: sum(lost.map(({ packetsLost }) => packetsLost)),
    frames: top?.framesPerSecond ?? 0,
    height: top?.frameHeight ?? 0,
    limited: limitedBy(top?.qualityLimitationReason),
    ...(pair?.availableOutgoingBitrate === undefined ? {} : { availableBits: pair.availableOutgoingBitrate }),
    ...(pair?.currentRoundTripTime === undefined ? {} : { roundTripMs: pair.currentRoundTripTime * 1_000 }),
    detour: local?.protocol === 'tcp' || local?.candidateType === 'relay',
  };
}

function limitedBy(reason: string | undefined): Reading['limited'] {
  return reason === 'cpu' || reason === 'bandwidth' || reason === 'other' ? reason : 'none';
}

function sum(values: readonly (number | undefined)[]): number {
  return values.reduce<number>((all, value) => all + (value ?? 0), 0);
}
