import { route } from '../http/route.ts';

export const find = () => route;
