/**
 * Judges a history of the machine's inputs and outputs against the seven rules. It knows the rules' numbers from
 * the text of the architecture and nothing of the machine's state or code, so that a fault in the machine is not
 * repeated here.
 */
import type { Envelope } from '../../src/machine/envelope.ts';
import { Lease } from '../../src/machine/lease.ts';
import type { Input, Now, Output } from '../../src/machine/types.ts';

const LEASE_MS = 300;
const PERMIT_MS = 600;
const GAP_MS = 3_000;
const DISAGREEMENT_MS = 250;
const STALL_MS = 3_000;
const START_ERROR_MS = 250;
const ARMING_MS = 10_000;
const TRIAL_MS = 1_000;
const TRIAL_LEVEL = 0.2;
const TRIAL_WAIT_MS = 10_000;
/** Stands for the tip where there is none. */
const TRIAL = 'a trial';
const RESTING_KINDS = ['vibrate', 'rotate', 'oscillate'];
const EPSILON = 1e-6;

export interface Observed {
  readonly now: Now;
  readonly input: Input;
  readonly outputs: readonly Output[];
  /** When the machine asked to be stepped next. */
  readonly wakeMono: number | undefined;
}

interface Tip {
  begunMono?: number;
  outcome?: string;
  /** Time under a lease away from rest or not, from the first write on, while it was this effect's turn. */
  drivenMs: number;
  restedSinceMono?: number;
  /** The room said that it had begun, and here it had not. */
  elsewhere?: boolean;
  readonly durationMs: number;
  readonly startByMs: number;
}

interface Away {
  readonly fromMono: number;
  readonly toMono: number;
}

export class Oracle {
  readonly #trueServerMs: (mono: number) => number;
  #envelope: Envelope;
  #last: Now | undefined;
  #wakeMono = Infinity;
  #handArmed = false;
  /** Since when a person's wish to arm waits for the device. */
  #armingMono: number | undefined;
  /** A person's hand that asked for a trial, and when that began to move. */
  #trial: { readonly askedMono: number; movedMono?: number } | undefined;
  #serverUp = false;
  readonly #asks = new Map<number, number>();
  #newestAnswered = 0;
  #permitUntil = -Infinity;
  #bestErrorMs = Infinity;
  #device: 'down' | 'unstopped' | 'stop_sent' | 'stopped' = 'down';
  #drive:
    | { atMono: number; untilMono: number; level: number; tipId: string; writtenMono: number | undefined }
    | undefined;
  /** The drive that was put out last never reached the device. */
  #unwritten = false;
  readonly #tips = new Map<string, Tip>();
  readonly #away: Away[] = [];
  #lastEndMono = -Infinity;
  /** How often each thing was seen, so that a test can tell that it tested something. */
  readonly seen = {
    drives: 0,
    stops: 0,
    ran: 0,
    partly: 0,
    expired: 0,
    refused: 0,
    resumed: 0,
    keepAlives: 0,
    trials: 0,
    elsewhere: 0,
  };

  constructor(envelope: Envelope, trueServerMs: (mono: number) => number) {
    this.#envelope = envelope;
    this.#trueServerMs = trueServerMs;
  }

  /** Throws on the first broken rule. */
  observe(observed: Observed): void {
    const { now, input, outputs } = observed;
    const tried = this.#drive?.tipId === TRIAL;
    const wasMoving = this.#drive !== undefined && this.#drive.level > 0;
    const lapsed = this.#drive !== undefined && this.#drive.untilMono + EPSILON < now.mono;
    const mustStop = this.#takeInput(now, input);
    const deviceOutputs = outputs.filter(({ is }) => is === 'stop' || is === 'drive' || is === 'keep_alive');
    // A trial needs no server, so losing it is no loss; arming it ends it.
    const loss = tried ? input.is === 'arm' || mustStop === 'clock' : mustStop !== undefined;
    if ((loss && wasMoving) || (lapsed && wasMoving) || input.is === 'panic' || input.is === 'disarm') {
      this.#require(
        deviceOutputs[0]?.is === 'stop',
        'rest comes first after a loss, a lapsed lease or a hand',
        observed,
      );
    }
    for (const output of outputs) this.#takeOutput(output, observed);
    const untold = [...this.#tips.values()].some(
      ({ elsewhere, outcome }) => elsewhere === true && outcome === undefined,
    );
    this.#require(!untold, 'what has begun elsewhere does not wait here', observed);
    const drive = this.#drive;
    if (drive !== undefined && drive.level > 0) {
      const { wakeMono = Infinity } = observed;
      this.#require(
        wakeMono <= drive.untilMono + EPSILON,
        'a lease runs out before the machine wants to be stepped',
        observed,
      );
    }
    if (input.is === 'device_open') {
      this.#require(deviceOutputs[0]?.is === 'stop', 'the first write on a new link is stop', observed);
    }
    if (input.is === 'panic' || input.is === 'disarm') {
      const waiting = [...this.#tips.values()].some(({ outcome }) => outcome === undefined);
      this.#require(!waiting, 'what was tipped before a latch does not wait behind it', observed);
    }
    this.#last = now;
    this.#wakeMono = observed.wakeMono ?? Infinity;
  }

  /** @returns why whatever moves must rest at once */
  #takeInput(now: Now, input: Input): 'clock' | 'other' | undefined {
    let lost: 'clock' | 'other' | undefined;
    if (this.#last !== undefined) {
      const mono = now.mono - this.#last.mono;
      const wall = now.wall - this.#last.wall;
      const stalled = now.mono - this.#wakeMono > STALL_MS;
      if (mono < 0 || Math.abs(mono - wall) > DISAGREEMENT_MS || stalled) {
        this.#latched();
        lost = 'clock';
      }
    }
    if (input.is === 'arm') {
      if (!this.#handArmed) this.#armingMono = now.mono;
      this.#handArmed = true;
      this.#trial = undefined;
    }
    // One that only looked has ended without a trace, so until something moves the latest hand counts.
    if (input.is === 'trial' && !this.#handArmed && this.#trial?.movedMono === undefined)
      this.#trial = { askedMono: now.mono };
    if (input.is === 'panic' || input.is === 'disarm') {
      this.#latched();
      lost = 'other';
    }
    if (input.is === 'server_up') this.#serverUp = true;
    if (input.is === 'server_down') {
      this.#serverUp = false;
      this.#losePermit();
      lost = 'other';
    }
    if (input.is === 'permit') {
      const { n, forMs } = input.answer;
      const sent = this.#asks.get(n);
      if (sent !== undefined && n > this.#newestAnswered) {
        this.#newestAnswered = n;
        const until = sent + Math.min(forMs, PERMIT_MS);
        // A yes that came too late changes nothing; a no takes what there was.
        if (forMs > 0 && until > now.mono) this.#permitUntil = until;
        else if (!(forMs > 0)) {
          this.#permitUntil = -Infinity;
          lost = 'other';
        }
        this.#bestErrorMs = Math.min(this.#bestErrorMs, (now.mono - sent) / 2);
      }
    }
    if (input.is === 'written' && this.#drive !== undefined) this.#drive.writtenMono ??= now.mono;
    if (input.is === 'unwritten' && this.#drive !== undefined) {
      // Nothing of it counts as driven; what the one before it moves, it moves until the stop.
      this.#unwritten = true;
      lost = 'other';
    }
    if (input.is === 'device_open') this.#device = 'unstopped';
    if (input.is === 'device_down') {
      this.#device = 'down';
      if (this.#drive?.tipId === TRIAL) this.#trial = undefined;
      this.#endDrive(now.mono);
      const tooLate = this.#armingMono !== undefined && now.mono - this.#armingMono >= ARMING_MS;
      if (input.refused || tooLate) this.#latched();
    }
    if (input.is === 'stopped' && this.#device === 'stop_sent') {
      this.#device = 'stopped';
      this.#armingMono = undefined;
    }
    if (input.is === 'envelope') {
      this.#envelope = input.envelope;
      // Time under another envelope is not judged by this one.
      this.#away.length = 0;
    }
    if (input.is === 'effect' && !this.#tips.has(input.tip.tipId)) {
      const { effect, startByMs } = input.tip;
      this.#tips.set(input.tip.tipId, { drivenMs: 0, durationMs: effect.durationMs, startByMs });
    }
    const begunId =
      input.is === 'begun' ? input.tipId : input.is === 'effect' && input.tip.begun ? input.tip.tipId : '';
    const begun = this.#tips.get(begunId);
    if (begun !== undefined && begun.begunMono === undefined && begun.outcome === undefined) {
      begun.elsewhere = true;
      this.seen.elsewhere += 1;
    }
    return lost;
  }

  #takeOutput(output: Output, at: Observed): void {
    const { mono } = at.now;
    switch (output.is) {
      case 'stop':
        this.seen.stops += 1;
        if (this.#drive?.tipId === TRIAL) this.#trial = undefined;
        this.#endDrive(mono);
        if (this.#device === 'unstopped') this.#device = 'stop_sent';
        break;
      case 'drive':
        this.#takeDrive(output, at);
        break;
      case 'trial':
        this.#takeTrial(output, at);
        break;
      case 'keep_alive':
        this.seen.keepAlives += 1;
        this.#requireAllowed(output.lease, at);
        this.#require(this.#drive === undefined, 'a keep-alive carries nothing but rest', at);
        break;
      case 'ask_permit':
        this.#require(this.#handArmed && this.#serverUp, 'only an armed bridge asks for permits', at);
        this.#require(!this.#asks.has(output.n), 'an ask has a number of its own', at);
        this.#asks.set(output.n, mono);
        break;
      case 'open_device':
        this.#require(
          (this.#handArmed || this.#trial !== undefined) && this.#device === 'down',
          'only an armed bridge opens, or one that is tried, and only what is down',
          at,
        );
        break;
      case 'begun':
        this.#takeBegun(output.tip.tipId, at);
        break;
      case 'outcome': {
        const tip = this.#tip(output.body.tipId, at);
        const { result, ranMs, durationMs, reason } = output.body;
        const cutByGap = reason?.startsWith('gap_') === true;
        this.#require(
          !cutByGap || durationMs - tip.drivenMs >= 1 - EPSILON,
          'what ran in full is told so',
          at,
        );
        this.#require(tip.outcome === undefined, 'one outcome for a tip', at);
        tip.outcome = result;
        this.seen[result] += 1;
        const began = tip.begunMono !== undefined;
        const elsewhere = reason === 'begun_elsewhere';
        this.#require(
          !elsewhere || (tip.elsewhere === true && result === 'partly' && ranMs === 0),
          'what another bridge began is told as partly, and none of it paid for',
          at,
        );
        this.#require(
          (began || elsewhere) === (result === 'ran' || result === 'partly'),
          `${result} fits what was begun`,
          at,
        );
        if (began) this.#lastEndMono = mono;
        this.#require(this.#drive?.tipId !== output.body.tipId, 'an effect ends at rest', at);
        this.#require(ranMs < tip.drivenMs + 1, 'no more is told than was driven', at);
        if (result === 'ran')
          this.#require(ranMs === durationMs && tip.drivenMs >= durationMs - 1, 'ran is all of it', at);
        break;
      }
      case 'progress':
        break;
    }
  }

  #takeBegun(tipId: string, at: Observed): void {
    const { mono } = at.now;
    const tip = this.#tip(tipId, at);
    this.#require(tip.begunMono === undefined && tip.outcome === undefined, 'no effect runs twice', at);
    this.#require(tip.elsewhere !== true, 'no effect runs on a second bridge', at);
    this.#require(this.#trueServerMs(mono) <= tip.startByMs, 'none begins after its start deadline', at);
    this.#require(this.#bestErrorMs <= START_ERROR_MS, 'none begins while the time is uncertain', at);
    this.#require(mono - this.#lastEndMono >= this.#envelope.cooldownMs, 'the envelope: cooldown', at);
    tip.begunMono = mono;
  }

  #takeDrive({ drive, tipId }: Extract<Output, { is: 'drive' }>, at: Observed): void {
    const { mono } = at.now;
    const { lease, level, outputs } = drive;
    this.seen.drives += 1;
    this.#requireAllowed(lease, at);
    const tip = this.#tip(tipId, at);
    this.#require(
      tip.begunMono !== undefined && tip.outcome === undefined,
      'driven between begin and outcome',
      at,
    );
    this.#require(this.#drive === undefined || this.#drive.tipId === tipId, 'one effect at a time', at);
    if (tip.restedSinceMono !== undefined) {
      this.seen.resumed += 1;
      this.#require(mono - tip.restedSinceMono <= GAP_MS, 'after a longer gap an effect does not go on', at);
      delete tip.restedSinceMono;
    }
    const before = this.#drive;
    this.#endDrive(mono, true);
    this.#require(outputs.length > 0, 'a drive drives something', at);
    this.#require(
      outputs.every(({ kind }) => this.#envelope.kinds.includes(kind)),
      'the envelope: hard no',
      at,
    );
    this.#require(
      outputs.every(({ kind }) => RESTING_KINDS.includes(kind)),
      'only what can be put to rest',
      at,
    );
    this.#require(level >= 0 && level <= this.#envelope.levelMax, 'the envelope: level', at);
    const writtenMono = before?.writtenMono;
    const risenMs = writtenMono === undefined ? 0 : mono - Math.max(writtenMono, before?.atMono ?? mono);
    const rise = (risenMs / 1_000) * this.#envelope.risePerSecondMax;
    const risen =
      writtenMono === undefined || before === undefined || before.level === 0 ? 0 : before.level + rise;
    this.#require(level <= Math.max(this.#envelope.jumpLevelMax, risen) + EPSILON, 'the envelope: ramp', at);
    this.#drive = { atMono: mono, untilMono: lease.untilMono, level, tipId, writtenMono };
    this.#require(
      tip.drivenMs + (lease.untilMono - mono) <= tip.durationMs + EPSILON,
      'a lease does not outlast its effect',
      at,
    );
    this.#requireDuty(lease.untilMono, at);
  }

  /** The one exception of rule 1. */
  #takeTrial({ drive: { lease, level, outputs } }: Extract<Output, { is: 'trial' }>, at: Observed): void {
    const { mono } = at.now;
    const trial = this.#trial;
    this.seen.trials += 1;
    this.#require(trial !== undefined && !this.#handArmed, 'a trial is by a hand, while latched', at);
    if (trial === undefined) return;
    trial.movedMono ??= mono;
    const untilMono = trial.movedMono + TRIAL_MS;
    this.#require(mono < trial.askedMono + TRIAL_WAIT_MS + TRIAL_MS, 'a trial does not come later', at);
    this.#require(this.#device === 'stopped', 'the first write is stop, and it was confirmed', at);
    this.#require(Lease.isLease(lease), 'a real lease', at);
    this.#require(
      lease.untilMono > mono && lease.untilMono <= mono + LEASE_MS && lease.untilMono <= untilMono + EPSILON,
      'a lease of at most 300 ms, within the trial',
      at,
    );
    const { levelMax, jumpLevelMax, kinds, cooldownMs } = this.#envelope;
    this.#require(level > 0 || levelMax === 0 || jumpLevelMax === 0, 'a trial moves', at);
    this.#require(level <= Math.min(TRIAL_LEVEL, levelMax, jumpLevelMax), 'a trial is gentle', at);
    this.#require(
      outputs.length > 0 && outputs.every(({ kind }) => kinds.includes(kind) && RESTING_KINDS.includes(kind)),
      'a trial moves what may be moved',
      at,
    );
    this.#require(
      this.#drive === undefined || this.#drive.tipId === TRIAL,
      'a trial comes between no effects',
      at,
    );
    if (this.#drive === undefined)
      this.#require(mono - this.#lastEndMono >= cooldownMs, 'the envelope: cooldown', at);
    this.#endDrive(mono, true);
    this.#drive = { atMono: mono, untilMono: lease.untilMono, level, tipId: TRIAL, writtenMono: mono };
    this.#requireDuty(lease.untilMono, at);
  }

  #latched(): void {
    this.#handArmed = false;
    this.#armingMono = undefined;
    this.#trial = undefined;
    this.#losePermit();
  }

  #requireAllowed(lease: Lease, at: Observed): void {
    const { mono } = at.now;
    this.#require(this.#handArmed, 'nothing moves before a person arms', at);
    this.#require(this.#device === 'stopped', 'the first write is stop, and it was confirmed', at);
    this.#require(this.#serverUp && mono < this.#permitUntil, 'a live permit', at);
    this.#require(Lease.isLease(lease), 'a real lease', at);
    this.#require(
      lease.untilMono > mono && lease.untilMono <= mono + LEASE_MS,
      'a lease of at most 300 ms',
      at,
    );
    this.#require(lease.untilMono <= this.#permitUntil, 'a lease within its permit', at);
  }

  /** In every window that ends now: away ≤ continuousMsMax + recoveryShare × rest. By all windows, not by a bucket. */
  #requireDuty(untilMono: number, at: Observed): void {
    const spans = [...this.#away];
    if (this.#drive !== undefined && this.#drive.level > 0)
      spans.push({ fromMono: this.#drive.atMono, toMono: untilMono });
    let away = 0;
    for (const { fromMono, toMono } of spans.reverse()) {
      away += toMono - fromMono;
      const rest = untilMono - fromMono - away;
      const allowed = this.#envelope.continuousMsMax + this.#envelope.recoveryShare * rest;
      this.#require(away <= allowed + EPSILON * 1_000, 'the envelope: continuous time and duty', at);
    }
  }

  #endDrive(mono: number, renewed = false): void {
    const drive = this.#drive;
    if (drive === undefined) return;
    const toMono = Math.min(mono, drive.untilMono);
    const tip = this.#tips.get(drive.tipId);
    if (tip !== undefined) {
      const fromMono = Math.max(drive.atMono, drive.writtenMono ?? toMono);
      if (!this.#unwritten) tip.drivenMs += Math.max(0, toMono - fromMono);
      if (!renewed) tip.restedSinceMono = toMono;
    }
    if (drive.tipId === TRIAL && !renewed) this.#lastEndMono = mono;
    if (drive.level > 0) this.#away.push({ fromMono: drive.atMono, toMono });
    this.#drive = undefined;
    this.#unwritten = false;
  }

  #losePermit(): void {
    this.#permitUntil = -Infinity;
    this.#asks.clear();
    this.#newestAnswered = 0;
    this.#bestErrorMs = Infinity;
  }

  #tip(tipId: string, at: Observed): Tip {
    const tip = this.#tips.get(tipId);
    if (tip === undefined) throw new Error(`unknown tip ${tipId} ${JSON.stringify(at)}`);
    return tip;
  }

  #require(holds: boolean, rule: string, at: Observed): void {
    if (!holds) throw new Error(`broken: ${rule}; at ${JSON.stringify(at)}`);
  }
}
