import { DEFAULT_ENVELOPE } from '@nightjar/bridge/machine/envelope';
import { getEarnings } from '@nightjar/client/earnings';
import type { Endpoints } from '@nightjar/client/endpoints';
import type { HttpClient } from '@nightjar/client/http';
import type { Identity } from '@nightjar/client/identity';
import { type DeviceVerdict, judgeDevice, longestWithoutPermit, movements } from '../judges/device.ts';
import { judgeLogs, type LogLoss } from '../judges/logs.ts';
import { longestGap, percentile } from '../judges/shares.ts';
import { judgeMoney, judgeTip, type TipFault } from '../judges/tips.ts';
import { patiently } from './patiently.ts';
import type { Stalls } from './stalls.ts';
import type { Talk } from './talk.ts';
import { knownMonoOf, type Tips } from './tips.ts';
import type { WatchedBridge } from './watched-bridge.ts';
import type { WatchedViewer } from './watched-viewer.ts';

export interface EveningParts {
  readonly tips: Tips;
  readonly talk: Talk;
  readonly viewers: readonly WatchedViewer[];
  readonly bridge: WatchedBridge;
  readonly stalls: Stalls;
  readonly phases: readonly { readonly name: string; readonly fromMono: number }[];
  /** When the last of it was sent. */
  readonly untilMono: number;
  readonly identity: Identity;
  readonly endpoints: Endpoints;
  readonly http: HttpClient;
  readonly roomId: string;
}

/** How it was under one name. Times in ms. */
export interface PhaseFigures {
  readonly name: string;
  readonly seconds: number;
  readonly tips: number;
  /** From a tip to its receipt. */
  readonly receiptP50: number;
  readonly receiptP99: number;
  readonly receiptMax: number;
  /** The longest that a viewer was not in the room, that no permit was there, that no receipt came. */
  readonly viewerAwayMax: number;
  readonly permitAwayMax: number;
  readonly receiptGapMax: number;
  /** How often viewers lost the room. */
  readonly breaks: number;
}

/** All of it goes through JSON. */
export interface Evening extends DeviceVerdict {
  readonly phases: readonly PhaseFigures[];
  /** From the first phase to the last tip. */
  readonly all: PhaseFigures;
  readonly tips: number;
  readonly lines: number;
  readonly tipFaults: readonly TipFault[];
  /** Tokens too many or too few, as decimal strings. */
  readonly moneyFaults: readonly { readonly who: string; readonly tokens: string }[];
  readonly losses: readonly LogLoss[];
  readonly epochs: number;
  /** Results of tips, and how often. */
  readonly ends: Readonly<Record<string, number>>;
  /** Why viewers' and the bridge's lines broke, and how often. */
  readonly breaks: Readonly<Record<string, number>>;
  readonly thrownOut: readonly string[];
  readonly latches: readonly string[];
  readonly bridgeEnded: boolean;
  /** Lines that are in the log and could not be read by somebody who was told them. */
  readonly unread: number;
  readonly refusedLines: Readonly<Record<string, number>>;
  /** Lines whose sender learned neither that they are in nor that they are refused, though they were said again and again. */
  readonly lostLines: number;
  /** Tips that failed once and were sent again under their id. */
  readonly sentAgain: number;
}

export async function judgeEvening(parts: EveningParts): Promise<Evening> {
  const { tips, talk, viewers, bridge, phases, untilMono, identity, endpoints, http, roomId } = parts;
  const effectMs = new Map(tips.all.map(({ tipId, item }) => [tipId, item.effect?.durationMs ?? 0]));
  const moved = movements(bridge.writes, (tipId) => effectMs.get(tipId) ?? 0);
  const stories = await tips.stories(moved);
  const { earned } = await patiently(() => getEarnings({ endpoints, http, identity }, roomId));
  const wallets = await Promise.all(
    viewers.map(async ({ name, bought, wallet }) => ({
      viewer: name,
      bought,
      ...(await patiently(() => wallet.balance())),
    })),
  );
  const accepted = [
    ...tips.all
      .filter(({ seqs }) => seqs.length > 0)
      .map((tip) => ({ names: `tip ${tip.tipId}`, sentMono: tip.sentMono, knownMono: knownMonoOf(tip) })),
    ...talk.all.flatMap(({ id, sentMono, postedMono: knownMono }) =>
      knownMono === undefined ? [] : { names: `chat ${id}`, sentMono, knownMono },
    ),
  ];
  const logs = viewers.flatMap((viewer) => viewer.logs);
  const { losses, epochs } = judgeLogs(logs, accepted);
  const device = judgeDevice(bridge.writes, bridge.permits, DEFAULT_ENVELOPE.levelMax, parts.stalls.all);
  return {
    phases: phases.map(({ name, fromMono }, i) =>
      phaseOf(parts, name, fromMono, phases[i + 1]?.fromMono ?? untilMono),
    ),
    all: phaseOf(parts, 'all of it', phases[0]?.fromMono ?? 0, untilMono),
    tips: tips.all.length,
    lines: talk.all.length,
    tipFaults: stories.flatMap(judgeTip),
    moneyFaults: judgeMoney(wallets, stories, earned).map(({ who, tokens }) => ({
      who,
      tokens: `${tokens}`,
    })),
    ...device,
    losses,
    epochs,
    ends: counted(tips.all.map(({ end }) => (end?.stage === 'failed' ? end.code : (end?.stage ?? 'no end')))),
    breaks: counted([
      ...viewers.flatMap(({ aways }) => aways.map(({ why }) => `viewer ${why}`)),
      ...bridge.breaks.map(({ code }) => `bridge ${code}`),
    ]),
    thrownOut: viewers.flatMap(({ thrownOut }) => thrownOut),
    latches: bridge.latches,
    bridgeEnded: bridge.ended,
    unread: unreadOf(parts),
    refusedLines: counted(talk.all.flatMap(({ refused }) => refused ?? [])),
    lostLines: talk.open,
    sentAgain: tips.all.filter(({ again }) => again > 0).length,
  };
}

function unreadOf({ viewers }: EveningParts): number {
  return viewers
    .map(({ logs, read }) => {
      const told = logs
        .flatMap(({ stretches }) => stretches.flatMap(({ entries }) => entries))
        .flatMap(({ names }) => (names?.startsWith('chat ') ? names.slice('chat '.length) : []));
      return [...new Set(told)].filter((id) => !read.has(id)).length;
    })
    .reduce((sum, unread) => sum + unread, 0);
}

function phaseOf(
  { tips, viewers, bridge }: EveningParts,
  name: string,
  fromMono: number,
  toMono: number,
): PhaseFigures {
  const inPhase = (mono: number) => mono >= fromMono && mono < toMono;
  const sent = tips.all.filter(({ sentMono }) => inPhase(sentMono));
  const waits = sent.flatMap(({ sentMono, receiptMono }) =>
    receiptMono === undefined ? [] : receiptMono - sentMono,
  );
  const aways = viewers.flatMap((viewer) => viewer.aways);
  const awayMs = aways.map(
    ({ fromMono: away, toMono: back = toMono }) => Math.min(back, toMono) - Math.max(away, fromMono),
  );
  return {
    name,
    seconds: (toMono - fromMono) / 1_000,
    tips: sent.length,
    receiptP50: percentile(waits, 0.5),
    receiptP99: percentile(waits, 0.99),
    receiptMax: percentile(waits, 1),
    viewerAwayMax: Math.max(0, ...awayMs),
    permitAwayMax: longestWithoutPermit(bridge.permits, fromMono, toMono),
    receiptGapMax: longestGap(
      tips.all.flatMap(({ receiptMono }) => receiptMono ?? []),
      fromMono,
      toMono,
    ),
    breaks: aways.filter(({ fromMono: away }) => inPhase(away)).length,
  };
}

function counted(what: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const each of what) counts[each] = (counts[each] ?? 0) + 1;
  return counts;
}
