import { Lock, SendHorizontal } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { Button, IconButton } from '../components/Button.tsx';
import { Notice } from '../components/Notice.tsx';
import styles from './ChatInput.module.css';
import type { ChatState } from './chat-state.ts';
import { useKeeperCode } from './keeper-code.ts';

export interface ChatInputProps {
  readonly state: ChatState;
  readonly roomId: string;
  readonly charactersMax: number;
  /** What others see us as; undefined before the first line. */
  readonly name?: string | undefined;
  onSay(text: string): void;
  /** A person looked at the keeper's code and believes it. */
  onAcceptKeeper(): void;
}

export function ChatInput({ state, roomId, charactersMax, name, onSay, onAcceptKeeper }: ChatInputProps) {
  const [text, setText] = useState('');
  const closed = state.is === 'closed' || state.is === 'silenced' || state.is === 'keeper-changed';
  const say = (event: FormEvent): void => {
    event.preventDefault();
    const line = text.trim();
    if (line === '' || closed) return;
    onSay(line);
    setText('');
  };
  if (state.is === 'keeper-changed')
    return <KeeperChanged roomId={roomId} publicKey={state.publicKey} onAccept={onAcceptKeeper} />;
  return (
    <form className={styles.form} onSubmit={say}>
      <div className={styles.box}>
        <input
          aria-label="Say something to the room"
          placeholder={placeholder(state, name)}
          value={text}
          maxLength={charactersMax}
          disabled={closed}
          autoComplete="off"
          enterKeyHint="send"
          onChange={(event) => setText(event.target.value)}
        />
        <IconButton type="submit" label="Send" disabled={closed || text.trim() === ''}>
          <SendHorizontal aria-hidden="true" />
        </IconButton>
      </div>
      <p className={styles.note} role="status">
        <Lock aria-hidden="true" />
        {words(state)}
      </p>
    </form>
  );
}

function placeholder(state: ChatState, name: string | undefined): string {
  if (state.is === 'silenced' || state.is === 'closed') return 'Not now';
  return name === undefined ? 'Say something' : `Say something as ${name}`;
}

function words(state: ChatState): string {
  switch (state.is) {
    case 'ready':
      return 'Sealed: the server cannot read it';
    case 'joining':
      return 'Coming in…';
    case 'waiting':
      return 'Lines open up as soon as the broadcaster hands you the room’s key';
    case 'keeper-changed':
      return '';
    case 'silenced':
      return `The broadcaster has silenced you until ${new Date(state.untilMs).toLocaleTimeString('en', { hour: '2-digit', minute: '2-digit' })}`;
    case 'closed':
      return state.why;
  }
}

function KeeperChanged({
  roomId,
  publicKey,
  onAccept,
}: {
  readonly roomId: string;
  readonly publicKey: Uint8Array;
  onAccept(): void;
}) {
  const code = useKeeperCode(roomId, publicKey);
  return (
    <div className={styles.form}>
      <Notice
        kind="problem"
        title="Somebody else keeps this chat’s keys"
        actions={<Button onClick={onAccept}>It is them</Button>}
      >
        <p>
          This happens when a broadcaster changes their device, and also when somebody wants to read along.
          Ask the broadcaster, by another way, for their code. It should be:
        </p>
        <p className={styles.code}>{code ?? '…'}</p>
      </Notice>
    </div>
  );
}
