import { Check, Circle } from 'lucide-react';
import { Button } from '../components/Button.tsx';
import { Dialog } from '../components/Dialog.tsx';
import { Notice } from '../components/Notice.tsx';
import styles from './DisappearSection.module.css';
import { type DisappearView, STEPS, type Step } from './disappear-model.ts';
import { Section } from './Section.tsx';

export interface DisappearSectionProps {
  readonly view: DisappearView;
  onAsk(): void;
  onKeep(): void;
  onGo(): void;
}

const WORDS: Readonly<Record<Step, string>> = {
  account: 'Your account at the server',
  keys: 'The keys in this browser, the wallet’s too',
  lists: 'The history, the list of your names, your settings',
};

export function DisappearSection({ view, onAsk, onKeep, onGo }: DisappearSectionProps) {
  return (
    <Section
      id="disappear"
      title="Disappear"
      about="Leaves nothing of you here, and nothing at the server that leads to you."
    >
      {view.is === 'failed' ? (
        <Notice
          kind="problem"
          title={view.done.length === 0 ? 'Nothing was deleted' : 'Not everything was deleted'}
          actions={<Button onClick={onGo}>Try again</Button>}
        >
          {view.title}
          {view.done.length === 0
            ? ' The account goes first, so that no key is thrown away while something still hangs on it.'
            : ''}
        </Notice>
      ) : null}
      {view.is === 'going' || view.is === 'failed' ? <Steps done={view.done} /> : null}
      {view.is === 'ready' || view.is === 'sure' ? (
        <div>
          <Button onClick={onAsk}>Disappear</Button>
        </div>
      ) : null}
      {view.is === 'sure' ? (
        <Dialog
          title="Disappear for good?"
          onClose={onKeep}
          actions={
            <>
              <Button onClick={onKeep}>Stay</Button>
              <Button look="solid" onClick={onGo}>
                Disappear
              </Button>
            </>
          }
        >
          <ul className={styles.consequences}>
            <li>Your account is deleted. Nobody can ever use your names again, you neither.</li>
            <li>The tokens in this browser’s wallet are lost, unless you have its code on paper.</li>
            <li>If you broadcast: nobody can run your room any more.</li>
            <li>
              What stays: your tips in the ledger, without a name. A ban stays under the name that was banned.
            </li>
          </ul>
        </Dialog>
      ) : null}
    </Section>
  );
}

function Steps({ done }: { readonly done: readonly Step[] }) {
  return (
    <div role="status">
      <ul className={styles.steps}>
        {STEPS.map((step) => (
          <li key={step} data-done={done.includes(step) || undefined}>
            {done.includes(step) ? <Check aria-hidden="true" /> : <Circle aria-hidden="true" />}
            {WORDS[step]}
            <span className="visually-hidden">{done.includes(step) ? ': gone' : ': still there'}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
