import { find } from '../store/find.ts';

export const found = find();
