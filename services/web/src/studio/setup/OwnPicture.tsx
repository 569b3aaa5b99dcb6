import { type ReactNode, useEffect, useRef } from 'react';
import styles from './OwnPicture.module.css';

export interface OwnPictureProps {
  readonly track: MediaStreamTrack | undefined;
  /** Stands in the picture's place while there is none, or over it. */
  readonly children?: ReactNode;
  /** The picture is there but not sent. */
  readonly dark?: boolean;
}

/** One's own picture, as viewers see it: not turned around. */
export function OwnPicture({ track, children, dark = false }: OwnPictureProps) {
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const element = video.current;
    if (!element) return;
    element.srcObject = track ? new MediaStream([track]) : null;
    if (track) void element.play().catch(() => {});
  }, [track]);
  return (
    <div className={styles.frame} data-dark={dark || undefined}>
      <video
        ref={video}
        muted
        autoPlay
        playsInline
        disablePictureInPicture
        aria-label="Your picture"
        hidden={!track}
      />
      {children ? <div className={styles.over}>{children}</div> : null}
    </div>
  );
}
