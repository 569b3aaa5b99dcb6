import styles from './Tokens.module.css';

/** An amount of tokens, as money looks everywhere: a disc and a figure. */
export function Tokens({
  amount,
  quiet = false,
}: {
  readonly amount: bigint | string;
  readonly quiet?: boolean;
}) {
  const figure = BigInt(amount).toLocaleString('en');
  return (
    <span className={`${styles.tokens} ${quiet ? styles.quiet : ''}`}>
      <span className={styles.disc} aria-hidden="true" />
      {figure}
      <span className="visually-hidden">{figure === '1' ? ' token' : ' tokens'}</span>
    </span>
  );
}
