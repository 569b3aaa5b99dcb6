import type { Envelope } from '@nightjar/bridge/machine/envelope';
import { ShieldCheck } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../../components/Button.tsx';
import { Notice } from '../../components/Notice.tsx';
import { Slider } from '../../components/Slider.tsx';
import { problemWords } from '../problem-words.ts';
import styles from './EnvelopeStep.module.css';
import {
  draftOf,
  type EnvelopeDraft,
  envelopeOf,
  LEVEL_CAPS,
  LONGEST_RUNS,
  levelWords,
  longestRunWords,
  PAUSES,
  pauseWords,
  SOFT_STARTS,
  softStartWords,
} from './envelope-words.ts';
import { StepBody } from './SetUpPage.tsx';

export interface EnvelopeStepProps {
  readonly envelope: Envelope;
  readonly from: 'broadcaster' | 'default';
  /** Without a bridge there is nobody to hold to them yet. */
  readonly running: boolean;
  onSave(envelope: Envelope): Promise<void>;
  onNext(): void;
}

export function EnvelopeStep({ envelope, from, running, onSave, onNext }: EnvelopeStepProps) {
  const [changed, setChanged] = useState<EnvelopeDraft>();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const draft = changed ?? draftOf(envelope);
  const next = async (): Promise<void> => {
    if (!changed || !running) return onNext();
    setBusy(true);
    try {
      await onSave(envelopeOf(changed, envelope));
      onNext();
    } catch (error) {
      setProblem(problemWords(error));
      setBusy(false);
    }
  };
  return (
    <StepBody
      title="Limits"
      lead="No tip, no menu and no fault gets past these. They hold next to your device, signed with your key, and nobody else can change them."
      actions={
        <>
          <Button look="solid" size="l" busy={busy} onClick={() => void next()}>
            {changed && running ? 'Sign and continue' : 'Continue'}
          </Button>
          {changed ? (
            <Button look="plain" size="l" onClick={() => setChanged(undefined)}>
              As it was
            </Button>
          ) : null}
        </>
      }
    >
      {running ? null : (
        <Notice title="No device is chosen">
          <p>The careful limits below hold for any device that you add later. You can set your own then.</p>
        </Notice>
      )}
      {problem ? <Notice kind="problem" title={problem} /> : null}
      <EnvelopeSliders draft={draft} disabled={!running} onChange={setChanged} />
      <p className={styles.from}>
        <ShieldCheck aria-hidden="true" />
        {changed
          ? 'Changed here, not signed yet.'
          : from === 'default'
            ? 'These are the careful ones that hold before you set any.'
            : 'Set and signed by you.'}
      </p>
    </StepBody>
  );
}

export function EnvelopeSliders({
  draft,
  disabled = false,
  onChange,
}: {
  readonly draft: EnvelopeDraft;
  readonly disabled?: boolean;
  onChange(draft: EnvelopeDraft): void;
}) {
  const set = (change: Partial<EnvelopeDraft>): void => onChange({ ...draft, ...change });
  return (
    <div className={styles.sliders}>
      <Slider
        label="Highest level"
        {...LEVEL_CAPS}
        disabled={disabled}
        value={draft.levelMax}
        text={levelWords(draft.levelMax)}
        onChange={(levelMax) => set({ levelMax: Math.round(levelMax * 100) / 100 })}
      />
      <Slider
        label="Soft start"
        {...SOFT_STARTS}
        disabled={disabled}
        value={draft.softStartS}
        text={softStartWords(draft.softStartS)}
        onChange={(softStartS) => set({ softStartS })}
      />
      <Slider
        label="Longest run without a rest"
        {...LONGEST_RUNS}
        disabled={disabled}
        value={draft.longestRunS}
        text={longestRunWords(draft.longestRunS)}
        onChange={(longestRunS) => set({ longestRunS })}
      />
      <Slider
        label="Pause between two effects"
        {...PAUSES}
        disabled={disabled}
        value={draft.pauseS}
        text={pauseWords(draft.pauseS)}
        onChange={(pauseS) => set({ pauseS })}
      />
    </div>
  );
}
