import { dispatch } from './lib/programs.ts';

process.exit(await dispatch('verify', process.argv.slice(2)));
