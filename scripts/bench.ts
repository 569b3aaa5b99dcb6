import { dispatch } from './lib/programs.ts';

process.exit(await dispatch('bench', process.argv.slice(2)));
