import { useState } from 'react';
import { Button } from '../components/Button.tsx';
import { Ask } from './Ask.tsx';
import { problemWords } from './problem-words.ts';

/** Ending asks once. */
export function EndQuestion({ onEnd, onClose }: { onEnd(): Promise<void>; onClose(): void }) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const end = async (): Promise<void> => {
    setBusy(true);
    try {
      await onEnd();
      onClose();
    } catch (error) {
      setBusy(false);
      setProblem(problemWords(error));
    }
  };
  return (
    <Ask
      title="End the show?"
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Stay live</Button>
          <Button look="solid" busy={busy} onClick={() => void end()}>
            End the show
          </Button>
        </>
      }
    >
      <p>
        Your device is stopped first. Viewers see that the show is over; what has not run goes back to them.
      </p>
      {problem ? <p role="alert">{problem}</p> : null}
    </Ask>
  );
}
