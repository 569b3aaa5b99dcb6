import type { State } from './state.ts';

/** A file with states, not loaded yet. */
export interface StatesFile {
  /** `Button` of `src/components/Button.states.tsx`. */
  readonly name: string;
  /** The same promise each time. */
  load(): Promise<readonly State[]>;
}

type Modules = Readonly<Record<string, () => Promise<Readonly<Record<string, unknown>>>>>;

/** Out of what the bundler found: by name, each with the lists that it exports. */
export function statesFiles(modules: Modules): readonly StatesFile[] {
  return Object.entries(modules)
    .map(([path, load]) => {
      let loaded: Promise<readonly State[]> | undefined;
      return {
        name: path.replace(/^.*\//, '').replace(/\.states\.tsx$/, ''),
        load: () => {
          loaded ??= load().then((module) => Object.values(module).filter(Array.isArray).flat() as State[]);
          return loaded;
        },
      };
    })
    .sort((a, b) => a.name.localeCompare(b.name, 'en'));
}

/** `first visit` → `first-visit`: as it stands in the address. */
export function slugOf(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
}

/** What the address after `#` asks for: `Button/busy` one state, `Button` all of a file, nothing the overview. */
export function readHash(hash: string): { readonly file?: string; readonly state?: string } {
  const [file = '', state = ''] = decodeURIComponent(hash.replace(/^#/, '')).split('/');
  return { ...(file === '' ? {} : { file }), ...(state === '' ? {} : { state: slugOf(state) }) };
}
