import { Target } from 'lucide-react';
import type { FormEvent } from 'react';
import { Button } from '../../components/Button.tsx';
import { TextField } from '../../components/Field.tsx';
import { Notice } from '../../components/Notice.tsx';
import { Tokens } from '../../components/Tokens.tsx';
import styles from './Editor.module.css';
import type { EditorProps } from './FaceEditor.tsx';
import { goalFaults } from './face-draft.ts';

export function GoalEditor({ state, hands }: EditorProps) {
  const { goal, goalDraft, goalSaving, goalTried, goalProblem } = state;
  const faults = goalDraft && goalTried ? goalFaults(goalDraft) : {};
  const save = (event: FormEvent): void => {
    event.preventDefault();
    void hands.saveGoal();
  };
  return (
    <section className={styles.section} aria-labelledby="goal-heading">
      <div className={styles.head}>
        <h2 id="goal-heading">Goal</h2>
      </div>
      {goalProblem ? <Notice kind="problem" title={goalProblem} /> : null}
      {goalDraft ? (
        <form className={styles.section} onSubmit={save} noValidate>
          <div className={styles.two}>
            <TextField
              label="What for"
              placeholder="New lights"
              value={goalDraft.title}
              autoComplete="off"
              error={faults.title}
              onChange={(event) => hands.setGoal({ ...goalDraft, title: event.target.value })}
            />
            <TextField
              label="How much"
              inputMode="numeric"
              unit="tokens"
              value={goalDraft.amount}
              autoComplete="off"
              error={faults.amount}
              onChange={(event) => hands.setGoal({ ...goalDraft, amount: event.target.value })}
            />
          </div>
          <div className={styles.row}>
            <Button type="submit" look="solid" busy={goalSaving}>
              Set the goal
            </Button>
            <Button look="plain" onClick={() => hands.setGoal(undefined)}>
              Leave it
            </Button>
          </div>
        </form>
      ) : goal ? (
        <div className={styles.goal}>
          <p>
            {goal.title} <Tokens amount={goal.amount} />
          </p>
          <div className={styles.row}>
            <Button onClick={() => hands.setGoal({ title: '', amount: '500' })}>A new one</Button>
            <Button look="plain" busy={goalSaving} onClick={() => void hands.clearGoal()}>
              Take it away
            </Button>
          </div>
        </div>
      ) : (
        <div className={styles.goal}>
          <p className={styles.soft}>Something that all tips together add up to.</p>
          <Button
            icon={<Target aria-hidden="true" />}
            onClick={() => hands.setGoal({ title: '', amount: '500' })}
          >
            Set a goal
          </Button>
        </div>
      )}
    </section>
  );
}
