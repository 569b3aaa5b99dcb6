import { useEffect, useRef } from 'react';
import styles from './SimulatedShape.module.css';

/** What a simulated device does, to be seen: a disc that swells with the level. It hides nothing and moves only so. */
export function SimulatedShape({ level, label }: { level(): number; readonly label: string }) {
  const disc = useRef<HTMLDivElement>(null);
  const read = useRef(level);
  read.current = level;
  useEffect(() => {
    let frame = 0;
    let shown = 0;
    const draw = (): void => {
      // Half of the way with each picture: as quick as the eye wants, and no flicker.
      shown += (read.current() - shown) / 2;
      if (disc.current) {
        disc.current.style.transform = `scale(${(0.28 + 0.72 * shown).toFixed(3)})`;
        disc.current.style.opacity = `${(0.35 + 0.65 * shown).toFixed(3)}`;
      }
      frame = requestAnimationFrame(draw);
    };
    draw();
    return () => cancelAnimationFrame(frame);
  }, []);
  return (
    <div className={styles.shape} role="img" aria-label={label}>
      <div className={styles.edge} />
      <div ref={disc} className={styles.disc} />
    </div>
  );
}
