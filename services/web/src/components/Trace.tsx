import { useEffect, useRef } from 'react';
import type { LevelTrace } from './level-trace.ts';
import styles from './Trace.module.css';

/** The last 20 s of a device's level, drawn live. What it says in words stands beside it. */
export function Trace({ trace, label }: { readonly trace: LevelTrace; readonly label: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d');
    if (!element || !context) return;
    let frame = 0;
    let drawn = '';
    const draw = (): void => {
      frame = requestAnimationFrame(draw);
      const ratio = devicePixelRatio;
      const width = Math.round(element.clientWidth * ratio);
      const height = Math.round(element.clientHeight * ratio);
      const points = trace.points(performance.now());
      const shape = `${width} ${height} ${points.map(({ x, y }) => `${(x * width) | 0},${(y * height) | 0}`).join(' ')}`;
      if (shape === drawn || width === 0) return;
      drawn = shape;
      element.width = width;
      element.height = height;
      const colour = getComputedStyle(element).color;
      context.clearRect(0, 0, width, height);
      context.beginPath();
      for (const [i, { x, y }] of points.entries()) {
        const at = [x * width, height - ratio - y * (height - 2 * ratio)] as const;
        if (i === 0) context.moveTo(...at);
        else context.lineTo(...at);
      }
      context.strokeStyle = colour;
      context.lineWidth = 1.75 * ratio;
      context.lineJoin = 'round';
      context.stroke();
      context.lineTo(width, height);
      context.lineTo((points[0]?.x ?? 1) * width, height);
      context.globalAlpha = 0.16;
      context.fillStyle = colour;
      context.fill();
      context.globalAlpha = 1;
    };
    frame = requestAnimationFrame(draw);
    return () => cancelAnimationFrame(frame);
  }, [trace]);
  return <canvas ref={canvas} className={styles.trace} role="img" aria-label={label} />;
}
