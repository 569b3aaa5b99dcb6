import { Globe, X } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../../components/Button.tsx';
import { Choices } from '../../components/Choices.tsx';
import { TextField } from '../../components/Field.tsx';
import { Notice } from '../../components/Notice.tsx';
import { Skeleton } from '../../components/Skeleton.tsx';
import { Switch } from '../../components/Switch.tsx';
import { countryName, findCountries } from './countries.ts';
import styles from './FenceStep.module.css';
import { type FenceDraft, fenceWords } from './fence-draft.ts';
import type { FenceState } from './fence-model.ts';
import { StepBody } from './SetUpPage.tsx';

const CHOICES = [
  { value: 'all', name: 'Everybody', hint: 'Anybody on earth' },
  { value: 'only', name: 'Only some countries', hint: 'The ones that you choose' },
  { value: 'but', name: 'All but some countries', hint: 'Not the ones that you choose' },
] as const;

export interface FenceStepProps {
  readonly state: FenceState;
  onChange(change: Partial<FenceDraft>): void;
  onLoad(): void;
  onNext(): void;
}

export function FenceStep({ state, onChange, onLoad, onNext }: FenceStepProps) {
  const { phase, kind, draft, problem, changed } = state;
  const { who, unknown } = draft;
  return (
    <StepBody
      title="Who may see you"
      lead="Whoever may not see you learns nothing: to them your room has never been, not in the directory, not by its address, not by search."
      actions={
        <Button
          look="solid"
          size="l"
          busy={phase === 'saving'}
          disabled={phase === 'loading' || phase === 'failed'}
          onClick={onNext}
        >
          {changed ? 'Save and continue' : 'Continue'}
        </Button>
      }
    >
      {phase === 'loading' ? <Skeleton height={240} label="Your choice is being read" /> : null}
      {problem ? (
        <Notice
          kind="problem"
          title={problem}
          actions={phase === 'failed' ? <Button onClick={onLoad}>Try again</Button> : null}
        />
      ) : null}
      {kind === 'finer' ? (
        <Notice title="Your room has finer rules than a list of countries">
          <p>They were set by another program and stay as they are. This page does not change them.</p>
        </Notice>
      ) : null}
      {phase !== 'loading' && phase !== 'failed' && kind === 'list' ? (
        <>
          <Choices
            legend="Who may see you"
            name="fence"
            choices={CHOICES}
            value={who}
            onChange={(next) => onChange({ who: next })}
          />
          <p className={styles.meaning} role="status">
            <Globe aria-hidden="true" />
            <span>{fenceWords(draft, countryName)}</span>
          </p>
          {who === 'all' ? null : (
            <>
              <CountryList draft={draft} onChange={onChange} />
              <Switch
                label="People whose place nobody can tell"
                hint="VPNs, Tor and new networks. Off keeps them out, which is the careful choice."
                checked={unknown}
                onChange={(checked) => onChange({ unknown: checked })}
              />
            </>
          )}
        </>
      ) : null}
    </StepBody>
  );
}

function CountryList({
  draft,
  onChange,
}: {
  readonly draft: FenceDraft;
  onChange(change: Partial<FenceDraft>): void;
}) {
  const [typed, setTyped] = useState('');
  const { countries } = draft;
  const found = findCountries(typed);
  const toggle = (code: string): void =>
    onChange({
      countries: countries.includes(code) ? countries.filter((at) => at !== code) : [...countries, code],
    });
  return (
    <div className={styles.countries}>
      {countries.length > 0 ? (
        <ul className={styles.chosen} aria-label="Chosen countries">
          {countries.map((code) => (
            <li key={code}>
              <button type="button" className={styles.chip} onClick={() => toggle(code)}>
                {countryName(code)}
                <X aria-hidden="true" />
                <span className="visually-hidden">: take away</span>
              </button>
            </li>
          ))}
        </ul>
      ) : null}
      <TextField
        label="Find a country"
        value={typed}
        autoComplete="off"
        placeholder="Germany, DE …"
        onChange={(event) => setTyped(event.target.value)}
      />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <section className={styles.list} aria-label="Countries" tabIndex={0}>
        {found.length === 0 ? <p className={styles.none}>No country is called that.</p> : null}
        {found.map(({ code, name }) => (
          <label key={code} className={styles.country}>
            <input type="checkbox" checked={countries.includes(code)} onChange={() => toggle(code)} />
            {name}
          </label>
        ))}
      </section>
    </div>
  );
}
