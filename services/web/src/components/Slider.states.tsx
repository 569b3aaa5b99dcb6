import type { State } from '../dev/state.ts';
import { Slider } from './Slider.tsx';

const cap = {
  label: 'Highest level',
  value: 60,
  min: 0,
  max: 100,
  step: 5,
  text: '60 %',
  onChange: () => {},
};

export const sliderStates: readonly State[] = [
  { name: 'set', element: <Slider {...cap} /> },
  { name: 'disabled', element: <Slider {...cap} disabled /> },
];
