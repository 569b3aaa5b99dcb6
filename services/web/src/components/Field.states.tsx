import type { State } from '../dev/state.ts';
import { SelectField, TextField } from './Field.tsx';

const options = [
  { value: 'auto', label: 'As the line allows' },
  { value: 'high', label: 'High' },
];

export const fieldStates: readonly State[] = [
  { name: 'empty', element: <TextField label="Title" placeholder="What is on?" hint="One line." /> },
  { name: 'filled', element: <TextField label="Amount" defaultValue="250" unit="tokens" /> },
  {
    name: 'wrong',
    element: <TextField label="Amount" defaultValue="0" unit="tokens" error="At least 1 token." />,
  },
  { name: 'disabled', element: <TextField label="Title" defaultValue="Evening in the studio" disabled /> },
  {
    name: 'list',
    element: <SelectField label="Quality" value="auto" options={options} onChange={() => {}} />,
  },
];
