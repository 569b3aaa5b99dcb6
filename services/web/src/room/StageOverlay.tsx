import { Maximize, Minimize, Settings2, Users, Volume2, VolumeX } from 'lucide-react';
import { type ReactNode, useEffect, useId, useState } from 'react';
import { Button, IconButton } from '../components/Button.tsx';
import { QUALITIES, type Quality } from '../lib/preferences.ts';
import type { Picture } from '../media/watch.ts';
import styles from './StageOverlay.module.css';

/** What the stage shows in words where it has no live picture. */
export interface StageWords {
  readonly title: string;
  readonly more?: string;
  readonly actions?: ReactNode;
  /** The last picture stays behind the words. */
  readonly overPicture?: boolean;
  readonly busy?: boolean;
}

export interface StageOverlayProps {
  readonly picture: Picture;
  readonly live: boolean;
  readonly viewers?: number | undefined;
  readonly words?: StageWords | undefined;
  readonly volume: number;
  readonly quality: Quality;
  onMuted(muted: boolean): void;
  onVolume(volume: number): void;
  onQuality(quality: Quality): void;
}

const QUALITY_NAMES: Readonly<Record<Quality, string>> = {
  auto: 'Best there is',
  high: 'High',
  medium: 'Medium',
  low: 'Low, for thin lines',
};

export function StageOverlay(props: StageOverlayProps) {
  const { picture, live, viewers, words } = props;
  return (
    <div className={styles.overlay}>
      <div className={styles.top}>
        {live ? (
          <span className={styles.live}>
            <span className={styles.dot} aria-hidden="true" />
            Live
          </span>
        ) : null}
        {viewers !== undefined && live ? (
          <span className={styles.count}>
            <Users aria-hidden="true" />
            {viewers.toLocaleString('en')}
            <span className="visually-hidden">{viewers === 1 ? ' viewer' : ' viewers'}</span>
          </span>
        ) : null}
      </div>
      {words ? (
        <div
          className={`${styles.words} ${words.overPicture ? styles.veiled : ''}`}
          role="status"
          aria-live="polite"
        >
          {words.busy ? <span className={styles.pulse} aria-hidden="true" /> : null}
          <p className={styles.title}>{words.title}</p>
          {words.more ? <p className={styles.more}>{words.more}</p> : null}
          {words.actions ? <div className={styles.actions}>{words.actions}</div> : null}
        </div>
      ) : null}
      {picture.phase === 'live' || picture.phase === 'lost' ? <Controls {...props} /> : null}
    </div>
  );
}

function Controls({ picture, volume, quality, onMuted, onVolume, onQuality }: StageOverlayProps) {
  const settings = useId();
  const full = useFullscreen();
  return (
    <div className={styles.controls}>
      {picture.sound ? (
        picture.muted ? (
          <Button look="solid" icon={<VolumeX aria-hidden="true" />} onClick={() => onMuted(false)}>
            Turn the sound on
          </Button>
        ) : (
          <div className={styles.volume}>
            <IconButton label="Turn the sound off" onClick={() => onMuted(true)}>
              <Volume2 aria-hidden="true" />
            </IconButton>
            <input
              type="range"
              min="0"
              max="1"
              step="0.05"
              value={volume}
              aria-label="Volume"
              onChange={(event) => onVolume(Number(event.target.value))}
            />
          </div>
        )
      ) : (
        <span className={styles.quietly}>No sound in this show</span>
      )}
      <div className={styles.right}>
        <button type="button" className={styles.iconButton} popoverTarget={settings} aria-label="Quality">
          <Settings2 aria-hidden="true" />
        </button>
        <div id={settings} popover="auto" className={styles.popover}>
          <fieldset>
            <legend>Quality</legend>
            {QUALITIES.map((name) => (
              <label key={name}>
                <input
                  type="radio"
                  name="quality"
                  checked={quality === name}
                  onChange={() => onQuality(name)}
                />
                {QUALITY_NAMES[name]}
              </label>
            ))}
          </fieldset>
        </div>
        {full.possible ? (
          <IconButton label={full.on ? 'Leave full screen' : 'Full screen'} onClick={full.toggle}>
            {full.on ? <Minimize aria-hidden="true" /> : <Maximize aria-hidden="true" />}
          </IconButton>
        ) : null}
      </div>
    </div>
  );
}

function useFullscreen(): { possible: boolean; on: boolean; toggle(): void } {
  const [on, setOn] = useState(document.fullscreenElement !== null);
  useEffect(() => {
    const look = (): void => setOn(document.fullscreenElement !== null);
    document.addEventListener('fullscreenchange', look);
    return () => document.removeEventListener('fullscreenchange', look);
  }, []);
  return {
    possible: document.fullscreenEnabled,
    on,
    toggle() {
      if (document.fullscreenElement) void document.exitFullscreen();
      else
        void document
          .querySelector('.stage')
          ?.requestFullscreen()
          .catch(() => {});
    },
  };
}
