import type { CSSProperties } from 'react';
import { coverShape } from './cover.ts';
import styles from './Still.module.css';

export interface StillProps {
  readonly slug: string;
  /** A path on this origin; without one, or while it cannot be shown, there is a cover. */
  readonly still?: string | undefined;
  readonly blurred: boolean;
}

/** A room's latest still, 16:9, over its cover. It says nothing that the words beside it do not. */
export function Still({ slug, still, blurred }: StillProps) {
  return (
    <div
      className={styles.still}
      style={coverShape(slug) as CSSProperties}
      data-blurred={blurred || undefined}
    >
      {still === undefined ? null : (
        <img
          src={still}
          alt=""
          width="640"
          height="360"
          decoding="async"
          loading="lazy"
          onError={(event) => {
            event.currentTarget.hidden = true;
          }}
          onLoad={(event) => {
            event.currentTarget.hidden = false;
          }}
        />
      )}
    </div>
  );
}
