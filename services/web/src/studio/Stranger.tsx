import { Check, Copy } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../components/Button.tsx';
import { operatorCommand } from './admission.ts';
import styles from './Narrow.module.css';

/** Somebody whose key is no broadcaster's yet. It is asked about again and again, so nothing has to be pressed. */
export function Stranger({ publicKey, onLook }: { readonly publicKey: string; onLook(): void }) {
  const [copied, setCopied] = useState(false);
  const command = operatorCommand(publicKey);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(command);
    setCopied(true);
  };
  return (
    <div className={styles.narrow}>
      <div className={styles.stack}>
        <h1>Let the operator know you</h1>
        <p className={styles.lead}>
          Whoever runs this place decides who may go live here. Send them this line. It holds your public key:
          it says who you are and gives nothing away.
        </p>
      </div>
      <div className={styles.command}>
        <code>{command}</code>
        <div className={styles.actions}>
          <Button
            look="solid"
            icon={copied ? <Check aria-hidden="true" /> : <Copy aria-hidden="true" />}
            onClick={() => void copy()}
          >
            {copied ? 'Copied' : 'Copy'}
          </Button>
          <Button onClick={onLook}>Look again</Button>
        </div>
      </div>
      <p className={styles.quiet} role="status">
        This page looks again every few seconds, and goes on by itself once you are known.
      </p>
    </div>
  );
}
