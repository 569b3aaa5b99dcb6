import type { State } from '../dev/state.ts';
import { Tokens } from './Tokens.tsx';

export const tokensStates: readonly State[] = [
  { name: 'an amount', element: <Tokens amount={1250n} /> },
  { name: 'one', element: <Tokens amount={1n} /> },
  { name: 'quiet', element: <Tokens amount="40" quiet /> },
];
