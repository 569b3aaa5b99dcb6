/** What the senders of a picture say at one moment; see https://w3c.github.io/webrtc-stats. */
export interface Reading {
  readonly atMono: number;
  /** Of picture and sound together. */
  readonly bytesSent: number;
  readonly packetsSent: number;
  /** Lost on the way, as far as the other side said. */
  readonly packetsLost: number;
  /** Pictures a second of the largest layer that is sent. */
  readonly frames: number;
  readonly height: number;
  readonly limited: 'none' | 'cpu' | 'bandwidth' | 'other';
  /** What the line is thought to carry, in bits a second. */
  readonly availableBits?: number;
  readonly roundTripMs?: number;
  readonly detour: boolean;
}

export interface HealthFacts {
  readonly connection: 'off' | 'connecting' | 'live' | 'lost' | 'removed';
  readonly cameraGone: boolean;
  readonly microphoneGone: boolean;
  readonly cameraOff: boolean;
  readonly muted: boolean;
  readonly withoutSound: boolean;
  /** How long the picture has been going out: a line is tried out in its first seconds. */
  readonly liveMs: number;
  /** How long nothing was heard from a microphone that is on. */
  readonly silentMs: number;
  /** Oldest first. */
  readonly readings: readonly Reading[];
}

export interface Health {
  /** `bad` is what a viewer notices; `note` is what a broadcaster may want to know. */
  readonly level: 'good' | 'note' | 'bad';
  readonly text: string;
  readonly wayOut?: string;
}

export interface HealthLimits {
  readonly wantedBits: number;
  readonly wantedFrames: number;
  readonly silenceToldMs: number;
  /** Until then a thin line is not spoken of. */
  readonly settleMs: number;
}

/** The health of the picture in sentences, the worst first; never empty. */
export function healthOf(facts: HealthFacts, limits: HealthLimits): readonly Health[] {
  const words = [...connectionWords(facts), ...sourceWords(facts, limits)];
  if (facts.connection === 'live') words.push(...lineWords(facts, limits));
  const order = { bad: 0, note: 1, good: 2 } as const;
  return words.sort((a, b) => order[a.level] - order[b.level]);
}

function connectionWords({ connection }: HealthFacts): Health[] {
  if (connection === 'connecting')
    return [{ level: 'note', text: 'Your picture is on its way to the room …' }];
  if (connection === 'lost')
    return [
      {
        level: 'bad',
        text: 'The connection broke. Viewers see your last picture; it comes back by itself.',
        wayOut: 'If it does not within a minute, look at your network.',
      },
    ];
  if (connection === 'removed')
    return [
      {
        level: 'bad',
        text: 'Your picture was taken over in another tab or window.',
        wayOut: 'Go on there, or take it up here again.',
      },
    ];
  return [];
}

function sourceWords(facts: HealthFacts, limits: HealthLimits): Health[] {
  const words: Health[] = [];
  if (facts.cameraGone)
    words.push({
      level: 'bad',
      text: 'Your camera went away.',
      wayOut: 'Plug it in again, or choose another one.',
    });
  else if (facts.cameraOff) words.push({ level: 'note', text: 'Your picture is off: viewers see nothing.' });
  if (facts.withoutSound) return words;
  if (facts.microphoneGone)
    words.push({
      level: 'bad',
      text: 'Your microphone went away.',
      wayOut: 'Plug it in again, or choose another one.',
    });
  else if (facts.muted) words.push({ level: 'note', text: 'You are muted: viewers hear nothing.' });
  else if (facts.silentMs >= limits.silenceToldMs)
    words.push({
      level: 'note',
      text: 'Nothing is heard from your microphone.',
      wayOut: 'Look whether it has a switch of its own.',
    });
  return words;
}

function lineWords(facts: HealthFacts, limits: HealthLimits): Health[] {
  const [first, last] = [facts.readings[0], facts.readings.at(-1)];
  if (facts.cameraOff || facts.cameraGone) return [];
  if (!first || !last || first === last || last.frames === 0)
    return [{ level: 'good', text: 'Your picture is on its way …' }];
  const words: Health[] = [];
  const sentBits = ((last.bytesSent - first.bytesSent) * 8_000) / Math.max(1, last.atMono - first.atMono);
  const limitedBy = (what: Reading['limited']) =>
    facts.readings.slice(1).every(({ limited }) => limited === what);
  const available = last.availableBits;
  // A line carries more than it is asked for: only a picture that was made smaller says that it is thin.
  const thin =
    facts.liveMs >= limits.settleMs &&
    limitedBy('bandwidth') &&
    (available ?? sentBits) < limits.wantedBits * 0.7;
  if (thin)
    words.push({
      level: 'bad',
      text: `Your upload is thin: ${mbits(Math.min(available ?? sentBits, limits.wantedBits))} of ${mbits(limits.wantedBits)} Mbit/s. Viewers see a softer picture.`,
      wayOut: 'A cable instead of Wi-Fi helps most; so does closing what else uploads.',
    });
  if (limitedBy('cpu'))
    words.push({
      level: 'bad',
      text: 'This computer is at its limit, so your picture is made smaller.',
      wayOut: 'Close what else is running, other tabs first.',
    });
  const sent = last.packetsSent - first.packetsSent;
  const lostShare = sent > 0 ? (last.packetsLost - first.packetsLost) / sent : 0;
  if (lostShare > 0.05)
    words.push({
      level: 'bad',
      text: `Some of your picture is lost on the way: ${Math.round(lostShare * 100)}%.`,
      wayOut: 'A cable instead of Wi-Fi helps most.',
    });
  const slow = facts.readings.every(({ frames }) => frames > 0 && frames < limits.wantedFrames / 2);
  if (!thin && !limitedBy('cpu') && slow)
    words.push({
      level: 'note',
      text: `Your camera gives ${Math.round(last.frames)} pictures a second.`,
      wayOut: 'More light in the room helps.',
    });
  if (last.detour)
    words.push({
      level: 'note',
      text: 'Your network lets the picture through by a detour only, so it may come late.',
    });
  if (words.length > 0) return words;
  const far = last.roundTripMs === undefined ? '' : `, ${Math.round(last.roundTripMs)} ms to the server`;
  const text = `Your picture is well: ${mbits(sentBits)} Mbit/s, ${Math.round(last.frames)} pictures a second${far}.`;
  return [{ level: 'good', text }];
}

function mbits(bits: number): string {
  return (bits / 1_000_000).toFixed(1);
}
