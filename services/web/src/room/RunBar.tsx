import { useEffect, useRef } from 'react';
import styles from './RunBar.module.css';
import { ranMsAt, type TipLine } from './room-log.ts';

/** How much of an effect has run, filling while it runs. */
export function RunBar({ tip }: { readonly tip: TipLine }) {
  const bar = useRef<HTMLDivElement>(null);
  const durationMs = tip.item?.effect?.durationMs ?? 1;
  useEffect(() => {
    let frame = 0;
    const draw = (): void => {
      const share = ranMsAt(tip, performance.now()) / durationMs;
      if (bar.current) bar.current.style.transform = `scaleX(${share})`;
      if (tip.stage === 'running') frame = requestAnimationFrame(draw);
    };
    draw();
    return () => cancelAnimationFrame(frame);
  }, [tip, durationMs]);
  return (
    <div className={styles.track} aria-hidden="true">
      <div ref={bar} className={styles.bar} />
    </div>
  );
}
