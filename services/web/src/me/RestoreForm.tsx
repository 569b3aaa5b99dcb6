import { Check } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../components/Button.tsx';
import { Dialog } from '../components/Dialog.tsx';
import { TextField } from '../components/Field.tsx';
import type { BackupView, RestoreView } from './backup-model.ts';
import styles from './RestoreForm.module.css';

export interface RestoreFormProps {
  readonly backup: BackupView;
  readonly restoring: RestoreView;
  onRestore(code: string): void;
  onSure(): void;
  onReady(): void;
}

/** Brings keys back from a printed code. */
export function RestoreForm({ backup, restoring, onRestore, onSure, onReady }: RestoreFormProps) {
  const [code, setCode] = useState('');
  const [open, setOpen] = useState(false);
  const title = restoring.is === 'ready' ? restoring.title : undefined;
  if (restoring.is === 'restored')
    return (
      <p className={styles.back} role="status">
        <Check aria-hidden="true" />
        You are back: your names and your tokens are those of the code.
      </p>
    );
  if (backup.is === 'keeps-nothing' || backup.is === 'asking') return null;
  return (
    <details
      className={styles.restore}
      open={open || title !== undefined || restoring.is !== 'ready'}
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary>I have a code</summary>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          onRestore(code);
        }}
      >
        <TextField
          label="The code on your paper"
          value={code}
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          maxLength={160}
          hint="14 groups of 4. Capitals or not, with or without spaces."
          error={title}
          onChange={(event) => {
            setCode(event.target.value);
            if (title !== undefined) onReady();
          }}
        />
        <Button type="submit" busy={restoring.is === 'restoring'} disabled={code.trim() === ''}>
          Bring my keys back
        </Button>
      </form>
      {restoring.is === 'sure' ? (
        <Dialog
          title="Replace the keys in this browser?"
          onClose={onReady}
          actions={
            <>
              <Button onClick={onReady}>Keep these</Button>
              <Button look="solid" onClick={onSure}>
                Replace them
              </Button>
            </>
          }
        >
          <p>
            {backup.is === 'done'
              ? 'You have a code for the keys that are here now: with it you can come back to them.'
              : 'The keys that are here now have no code. Their names are lost with them, and so are the tokens in their wallet.'}
          </p>
        </Dialog>
      ) : null}
    </details>
  );
}
