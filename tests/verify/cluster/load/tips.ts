import { randomId } from '@nightjar/client/ids';
import { ProblemError } from '@nightjar/client/problem-error';
import { sendTip } from '@nightjar/client/send-tip';
import type { TipEnd } from '@nightjar/client/tip-life';
import type { MenuItem } from '@nightjar/contracts/ws-protocol';
import type { Movement } from '../judges/device.ts';
import { owes } from '../judges/logs.ts';
import type { Learned, LedgerWord, TipStory } from '../judges/tips.ts';
import { itemAt } from './menu.ts';
import { patiently } from './patiently.ts';
import { Repeated } from './repeated.ts';
import type { WatchedViewer } from './watched-viewer.ts';

/** Asked of the ledger at a time. */
const ASKED_AT_ONCE = 8;

export interface SentTip {
  readonly tipId: string;
  readonly viewer: WatchedViewer;
  readonly item: MenuItem;
  readonly sentMono: number;
  readonly seqs: string[];
  receiptMono?: number;
  endMono?: number;
  /** What its client last said. */
  end?: TipEnd;
  /** It had failed, and was sent again under its id. */
  again: number;
}

/** Tips by chance and by the clock, each followed to its end by its viewer's client. */
export class Tips extends Repeated<SentTip> {
  send(): void {
    void this.follow({
      tipId: randomId('tip'),
      viewer: this.chance.pick(this.viewers),
      item: itemAt(this.chance.share()),
      sentMono: performance.now(),
      seqs: [],
      again: 0,
    });
  }

  /** All of them as they are to be judged. */
  async stories(movements: ReadonlyMap<string, Movement>): Promise<TipStory[]> {
    const waiting = this.all.values();
    const stories: TipStory[] = [];
    const ask = async () => {
      for (const tip of waiting) {
        const { tipId, viewer, item, sentMono, seqs, end } = tip;
        stories.push({
          tipId,
          viewer: viewer.name,
          amount: BigInt(item.price),
          ...(item.effect ? { effectMs: item.effect.durationMs } : {}),
          seqs,
          learned: learned(end),
          ledger: await ledgerWord(tip),
          begun: movements.get(tipId)?.begun ?? 0,
          movedMs: movements.get(tipId)?.movedMs ?? 0,
          inLog: Math.max(...this.viewers.map(({ tipsInLog }) => tipsInLog.get(tipId) ?? 0)),
          owedEntry: viewer.logs.some((log) => owes(log, { sentMono, knownMono: knownMonoOf(tip) })),
        });
      }
    };
    await Promise.all(Array.from({ length: ASKED_AT_ONCE }, ask));
    return stories;
  }

  protected isOver({ end }: SentTip): boolean {
    return isFinal(end);
  }

  protected async once(tip: SentTip): Promise<void> {
    if (tip.end) tip.again += 1;
    tip.end = await this.#send(tip);
    if (isFinal(tip.end)) tip.endMono = performance.now();
  }

  async #send(tip: SentTip): Promise<TipEnd> {
    const { tipId, viewer, item } = tip;
    try {
      const { connection, wallet } = viewer;
      const { receipt, end } = sendTip({ connection, wallet }, { itemId: item.itemId, tipId });
      receipt.then(
        ({ seq }) => {
          tip.receiptMono ??= performance.now();
          tip.seqs.push(seq);
        },
        () => {},
      );
      return await end;
    } catch (error) {
      const { code, title, retry } =
        error instanceof ProblemError ? error : { code: 'fault', title: String(error), retry: false };
      // A client that does not know the menu yet will.
      return { stage: 'failed', code, title, retry: retry || code === 'not_in_menu' };
    }
  }
}

function isFinal(end: TipEnd | undefined): end is TipEnd {
  return end !== undefined && (end.stage !== 'failed' || !end.retry);
}

/** When its viewer learned that it was taken, or what became of it. */
export function knownMonoOf({ receiptMono, endMono }: SentTip): number {
  return receiptMono ?? endMono ?? Number.POSITIVE_INFINITY;
}

function learned(end: TipEnd | undefined): Learned {
  if (!isFinal(end)) return 'nothing';
  if (end.stage === 'failed') return 'refused';
  const { stage: result, settled, returned } = end;
  return { result, settled, returned };
}

async function ledgerWord({ viewer, tipId }: SentTip): Promise<LedgerWord> {
  try {
    const { state, result, settled, returned } = await patiently(() => viewer.wallet.tip(tipId));
    return state === 'held' ? 'held' : { result: result ?? state, settled, returned };
  } catch (error) {
    if (error instanceof ProblemError && error.code === 'tip_not_found') return 'unknown';
    throw error;
  }
}
