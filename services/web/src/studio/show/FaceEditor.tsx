import { X } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { Button } from '../../components/Button.tsx';
import { TextField } from '../../components/Field.tsx';
import { Notice } from '../../components/Notice.tsx';
import styles from './Editor.module.css';
import type { EditorHands } from './editor-hands.ts';
import { titleFault, withTags } from './face-draft.ts';
import type { EditorState } from './room-editor.ts';

export interface EditorProps {
  readonly state: EditorState;
  readonly hands: EditorHands;
}

export function FaceEditor({ state, hands }: EditorProps) {
  const [typed, setTyped] = useState('');
  const [fault, setFault] = useState<string>();
  const { title, tags, face, faceProblem } = state;
  const add = (): void => {
    const { tags: next, fault: wrong } = withTags(tags, typed);
    setFault(wrong);
    if (wrong) return;
    setTyped('');
    if (next.length !== tags.length) hands.setFace({ tags: next });
  };
  const save = (event: FormEvent): void => {
    event.preventDefault();
    add();
    void hands.saveFace();
  };
  return (
    <form className={styles.section} onSubmit={save} noValidate aria-label="Title and tags">
      <div className={styles.head}>
        <h2>Title and tags</h2>
        <SaveState saved={face} onSave={() => void hands.saveFace()} />
      </div>
      {faceProblem ? <Notice kind="problem" title={faceProblem} /> : null}
      <TextField
        label="Title"
        value={title}
        autoComplete="off"
        error={titleFault(title)}
        onChange={(event) => hands.setFace({ title: event.target.value })}
      />
      <TextField
        label="Tags"
        hint="What people look for: a word or two each. Enter or a comma adds one."
        value={typed}
        autoComplete="off"
        error={fault}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' && event.key !== ',') return;
          event.preventDefault();
          add();
        }}
        onBlur={add}
      />
      {tags.length > 0 ? (
        <ul className={styles.tags} aria-label="Your tags">
          {tags.map((tag) => (
            <li key={tag}>
              <button
                type="button"
                className={styles.chip}
                onClick={() => hands.setFace({ tags: tags.filter((at) => at !== tag) })}
              >
                {tag}
                <X aria-hidden="true" />
                <span className="visually-hidden">: take away</span>
              </button>
            </li>
          ))}
        </ul>
      ) : null}
    </form>
  );
}

/** Whether what is shown is what viewers get. */
export function SaveState({ saved, onSave }: { readonly saved: EditorState['face']; onSave(): void }) {
  if (saved === 'saved') return <span className={styles.saved}>Saved</span>;
  return (
    <Button busy={saved === 'saving'} onClick={onSave}>
      Save
    </Button>
  );
}
