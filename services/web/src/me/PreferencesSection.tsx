import { Monitor, Moon, Sun } from 'lucide-react';
import { useState } from 'react';
import { TextField } from '../components/Field.tsx';
import { Switch } from '../components/Switch.tsx';
import { CONFIRM_ABOVE_MAX, type Preferences, type Theme } from '../lib/preferences.ts';
import styles from './PreferencesSection.module.css';
import { Section } from './Section.tsx';

export interface PreferencesSectionProps {
  readonly preferences: Preferences;
  onPrefer(change: Partial<Preferences>): void;
}

const THEMES: readonly { theme: Theme; label: string; Icon: typeof Sun }[] = [
  { theme: 'system', label: 'As the device', Icon: Monitor },
  { theme: 'dark', label: 'Dusk', Icon: Moon },
  { theme: 'light', label: 'Day', Icon: Sun },
];

export function PreferencesSection({ preferences, onPrefer }: PreferencesSectionProps) {
  return (
    <Section id="preferences" title="How it looks and asks" about="Kept on this device.">
      <fieldset className={styles.themes}>
        <legend>Look</legend>
        <div className={styles.choices}>
          {THEMES.map(({ theme, label, Icon }) => (
            <label key={theme} className={styles.choice}>
              <input
                type="radio"
                name="theme"
                checked={preferences.theme === theme}
                onChange={() => onPrefer({ theme })}
              />
              <Icon aria-hidden="true" />
              {label}
            </label>
          ))}
        </div>
      </fieldset>
      <Switch
        label="Blur stills"
        hint="Pictures in the list of rooms stay blurred until you point at one."
        checked={preferences.blurStills}
        onChange={(blurStills) => onPrefer({ blurStills })}
      />
      <ConfirmAbove
        tokens={preferences.confirmAbove}
        onChange={(confirmAbove) => onPrefer({ confirmAbove })}
      />
    </Section>
  );
}

function ConfirmAbove({ tokens, onChange }: { tokens: number; onChange(tokens: number): void }) {
  const [typed, setTyped] = useState(`${tokens}`);
  const good = /^[0-9]{1,6}$/.test(typed.trim()) && Number(typed) <= CONFIRM_ABOVE_MAX;
  return (
    <div className={styles.confirm}>
      <TextField
        label="Ask once more above"
        inputMode="numeric"
        autoComplete="off"
        unit="tokens"
        value={typed}
        hint="A larger tip is sent only after you said yes. 0 asks about every tip."
        error={good ? undefined : `A whole number from 0 to ${CONFIRM_ABOVE_MAX.toLocaleString('en')}.`}
        onChange={(event) => {
          const next = event.target.value;
          setTyped(next);
          if (/^[0-9]{1,6}$/.test(next.trim()) && Number(next) <= CONFIRM_ABOVE_MAX) onChange(Number(next));
        }}
      />
    </div>
  );
}
