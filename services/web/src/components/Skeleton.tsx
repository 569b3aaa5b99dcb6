import styles from './Skeleton.module.css';

/** Keeps the place of something that loads. Its words are for those who cannot see it. */
export function Skeleton({ height, label }: { readonly height: number; readonly label?: string }) {
  return (
    <div className={styles.skeleton} style={{ height }} role={label ? 'status' : undefined}>
      {label ? <span className="visually-hidden">{label}</span> : null}
    </div>
  );
}
