import { Check, Printer } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../components/Button.tsx';
import { TextField } from '../components/Field.tsx';
import { Skeleton } from '../components/Skeleton.tsx';
import styles from './BackupSection.module.css';
import type { BackupView, RestoreView } from './backup-model.ts';
import { CodeSheet } from './CodeSheet.tsx';
import { RestoreForm } from './RestoreForm.tsx';
import { Section } from './Section.tsx';

export interface BackupSectionProps {
  readonly backup: BackupView;
  readonly restoring: RestoreView;
  onShow(): void;
  onHide(): void;
  onHave(lastGroup: string): void;
  onPrint(): void;
  onRestore(code: string): void;
  onSure(): void;
  onReady(): void;
}

export function BackupSection(props: BackupSectionProps) {
  return (
    <Section
      id="backup"
      title="Backup"
      about="Your names and your tokens belong to two keys in this browser. One printed code brings both back, here or on another device. Without it they are gone with this browser’s data, and nobody can help."
    >
      <Backup {...props} />
      <RestoreForm {...props} />
    </Section>
  );
}

function Backup({ backup, onShow, onHide, onHave, onPrint }: BackupSectionProps) {
  switch (backup.is) {
    case 'asking':
      return <Skeleton height={44} label="Looking for your keys" />;
    case 'shown':
      return <Shown groups={backup.groups} mistaken={backup.mistaken} {...{ onHide, onHave, onPrint }} />;
    case 'nothing':
    case 'possible':
      return (
        <div className={styles.stack}>
          <p>
            {backup.is === 'nothing'
              ? 'There are no keys here yet, so there is nothing to lose. You can make and print them now, or come back after your first tip.'
              : 'You have no backup yet.'}
          </p>
          <Button look="solid" onClick={onShow}>
            {backup.is === 'nothing' ? 'Make keys and show the code' : 'Show the code'}
          </Button>
          <p className={styles.quiet}>
            Look around first: whoever sees the code can take your tokens and your names.
          </p>
        </div>
      );
    case 'done':
      return (
        <p className={styles.done}>
          <Check aria-hidden="true" />
          You have the code on paper. It is no longer in this browser, so it cannot be shown again.
        </p>
      );
    case 'impossible':
      return (
        <p>
          These keys were made without a code, and cannot be read out. They work as long as this browser keeps
          its data. Spend what is in the wallet before you clear it.
        </p>
      );
    case 'keeps-nothing':
      return (
        <p>
          This browser keeps no data, as in a private window. Your keys live as long as this page: spend your
          tokens before you close it, or come with an ordinary window.
        </p>
      );
  }
}

interface ShownProps extends Pick<BackupSectionProps, 'onHide' | 'onHave' | 'onPrint'> {
  readonly groups: readonly string[];
  readonly mistaken: boolean;
}

function Shown({ groups, mistaken, onHide, onHave, onPrint }: ShownProps) {
  const [last, setLast] = useState('');
  return (
    <div className={styles.stack}>
      <ol className={styles.code} aria-label="Your code, in groups of four">
        {groups.map((group, i) => (
          <li key={i}>{group}</li>
        ))}
      </ol>
      <div className={styles.buttons}>
        <Button look="solid" icon={<Printer aria-hidden="true" />} onClick={onPrint}>
          Print it
        </Button>
        <Button onClick={onHide}>Put it away</Button>
      </div>
      <form
        className={styles.have}
        onSubmit={(event) => {
          event.preventDefault();
          onHave(last);
        }}
      >
        <TextField
          label="I have it on paper. Its last group is"
          value={last}
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          maxLength={8}
          hint="Type it from the paper. Then this browser forgets the code, so that nobody can read it here."
          error={mistaken ? 'That is not the last group. Compare it with your print.' : undefined}
          onChange={(event) => setLast(event.target.value)}
        />
        <Button type="submit" disabled={last.trim() === ''}>
          Forget it here
        </Button>
      </form>
      <CodeSheet groups={groups} />
    </div>
  );
}
