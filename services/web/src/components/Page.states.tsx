import type { State } from '../dev/state.ts';
import { Head, type Place } from './Page.tsx';

const places: readonly Place[] = ['directory', 'wallet', 'me', 'studio', 'room'];

export const headStates: readonly State[] = places.map((at) => ({
  name: `at ${at}`,
  screen: true,
  element: <Head at={at} />,
}));
