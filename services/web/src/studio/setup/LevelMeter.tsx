import { useEffect, useRef } from 'react';
import styles from './LevelMeter.module.css';

/** How loud the microphone is, as it is. */
export function LevelMeter({ level }: { level(): number }) {
  const bar = useRef<HTMLDivElement>(null);
  const read = useRef(level);
  read.current = level;
  useEffect(() => {
    let frame = 0;
    const draw = (): void => {
      if (bar.current) bar.current.style.transform = `scaleX(${read.current().toFixed(3)})`;
      frame = requestAnimationFrame(draw);
    };
    draw();
    return () => cancelAnimationFrame(frame);
  }, []);
  return (
    <div className={styles.track} role="img" aria-label="How loud your microphone is">
      <div ref={bar} className={styles.bar} />
    </div>
  );
}
