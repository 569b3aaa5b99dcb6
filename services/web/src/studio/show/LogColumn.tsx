import type { SanctionInForce } from '@nightjar/client/rooms';
import { Ban, Eraser, UserRoundX, VolumeX } from 'lucide-react';
import { useState } from 'react';
import { Button, IconButton } from '../../components/Button.tsx';
import { Notice } from '../../components/Notice.tsx';
import { nameOf } from '../../lib/names.ts';
import { ChatInput } from '../../room/ChatInput.tsx';
import { Log } from '../../room/Log.tsx';
import type { Line } from '../../room/room-log.ts';
import { Ask } from '../Ask.tsx';
import { LINE_CHARACTERS_MAX } from '../limits.ts';
import styles from './LogColumn.module.css';
import type { LiveHands } from './live-hands.ts';
import type { LiveState } from './live-model.ts';
import { inForce, sanctionWords } from './sanctions.ts';

export interface LogColumnProps {
  readonly live: LiveState;
  readonly roomId: string;
  readonly hands: LiveHands;
}

/** The room's log, with what can be done about each line beside it. */
export function LogColumn({ live, roomId, hands }: LogColumnProps) {
  const [banning, setBanning] = useState<string>();
  const held = inForce(live.sanctions, Date.now());
  return (
    <section className={styles.column} aria-labelledby="log-heading">
      <div className={styles.head}>
        <h2 id="log-heading">Log</h2>
        <p>
          {live.tally.joins === 1 ? '1 came in' : `${live.tally.joins.toLocaleString('en')} came in`}
          {live.tally.lines > 0 ? `, ${live.tally.lines.toLocaleString('en')} lines` : ''}
        </p>
      </div>
      {live.keeperElsewhere ? (
        <div className={styles.notice}>
          <Notice
            title="Another device of yours keeps this chat’s keys"
            actions={<Button onClick={hands.takeKeysBack}>Keep them here</Button>}
          >
            <p>You cannot read lines here until this one does. Viewers are told of the change.</p>
          </Notice>
        </div>
      ) : null}
      {live.refused ? (
        <div className={styles.notice}>
          <Notice kind="problem" title={live.refused} />
        </div>
      ) : null}
      <Log
        lines={live.log.lines}
        empty="What is said and tipped stands here."
        actions={(line) => <Moderation line={line} hands={hands} onBan={setBanning} />}
      />
      {held.length > 0 ? <Sanctions held={held} onLift={hands.lift} /> : null}
      <ChatInput
        state={live.chat}
        roomId={roomId}
        charactersMax={LINE_CHARACTERS_MAX}
        onSay={hands.say}
        onAcceptKeeper={hands.takeKeysBack}
      />
      {banning ? (
        <BanQuestion
          who={banning}
          onClose={() => setBanning(undefined)}
          onBan={() => {
            hands.sanction(banning, 'banned');
            setBanning(undefined);
          }}
        />
      ) : null}
    </section>
  );
}

function Moderation({
  line,
  hands,
  onBan,
}: {
  readonly line: Line;
  readonly hands: LiveHands;
  onBan(who: string): void;
}) {
  if (line.is === 'event' || line.from === undefined) return null;
  const strike =
    line.is === 'chat' ? (
      <IconButton className={styles.act} label="Strike this line" onClick={() => hands.strike(line.id)}>
        <Eraser aria-hidden="true" />
      </IconButton>
    ) : null;
  if (line.mine) return strike ? <div className={styles.acts}>{strike}</div> : null;
  const { from } = line;
  const name = nameOf(from);
  return (
    <div className={styles.acts}>
      {strike}
      <IconButton
        className={styles.act}
        label={`Silence ${name} for 10 minutes`}
        onClick={() => hands.sanction(from, 'silenced')}
      >
        <VolumeX aria-hidden="true" />
      </IconButton>
      <IconButton
        className={styles.act}
        label={`Remove ${name} from this show`}
        onClick={() => hands.sanction(from, 'removed')}
      >
        <UserRoundX aria-hidden="true" />
      </IconButton>
      <IconButton className={styles.act} label={`Ban ${name}`} onClick={() => onBan(from)}>
        <Ban aria-hidden="true" />
      </IconButton>
    </div>
  );
}

function Sanctions({
  held,
  onLift,
}: {
  readonly held: readonly SanctionInForce[];
  onLift(who: string): void;
}) {
  return (
    <details className={styles.sanctions}>
      <summary>
        {held.length === 1 ? '1 person is kept quiet or out' : `${held.length} people are kept quiet or out`}
      </summary>
      <ul>
        {held.map((sanction) => (
          <li key={sanction.pseudonym}>
            <span>
              <b>{nameOf(sanction.pseudonym)}</b> {sanctionWords(sanction)}
            </span>
            <Button onClick={() => onLift(sanction.pseudonym)}>
              Lift<span className="visually-hidden"> it for {nameOf(sanction.pseudonym)}</span>
            </Button>
          </li>
        ))}
      </ul>
    </details>
  );
}

function BanQuestion({ who, onBan, onClose }: { readonly who: string; onBan(): void; onClose(): void }) {
  return (
    <Ask
      title={`Ban ${nameOf(who)}?`}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Leave it</Button>
          <Button look="solid" onClick={onBan}>
            Ban
          </Button>
        </>
      }
    >
      <p>
        They are put out at once and cannot come back to this room, until you lift it. The chat gets a new
        key.
      </p>
    </Ask>
  );
}
