import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { root } from '../../scripts/lib/root.ts';

/** One thing that a tutorial tells its reader to do, or says that they see. */
export type Step =
  | { readonly do: 'open'; readonly url: string }
  | { readonly do: 'press'; readonly name: string }
  | { readonly do: 'write'; readonly text: string; readonly label: string; readonly enter: boolean }
  | { readonly do: 'choose'; readonly option: string; readonly label: string }
  | { readonly do: 'run'; readonly command: string }
  | { readonly do: 'see'; readonly text: string };

/** What is in bold is on the screen, what is in code is typed. */
const STEP =
  /Open `(?<url>[^`]+)`|Press \*\*(?<press>[^*]+)\*\*|Write `(?<text>[^`]+)` in \*\*(?<label>[^*]+)\*\*(?<enter> and press Enter)?|Choose \*\*(?<option>[^*]+)\*\* in \*\*(?<list>[^*]+)\*\*|Run `(?<command>[^`]+)`|You see[^.*]*\*\*(?<see>[^*]+)\*\*/g;

/** The steps of a tutorial's numbered lists, as a person would read them. */
export async function stepsOf(tutorial: string): Promise<Step[]> {
  const text = await readFile(path.join(root, 'docs/tutorials', tutorial), 'utf8');
  const items = text
    .split('\n')
    .filter((line, i, all) => inItem(line, i, all))
    .join(' ');
  return [...items.replaceAll(/\s+/g, ' ').matchAll(STEP)].map(({ groups = {} }): Step => {
    const { url, press, text: typed, label, enter, option, list, command, see } = groups;
    if (url !== undefined) return { do: 'open', url };
    if (press !== undefined) return { do: 'press', name: press };
    if (typed !== undefined && label !== undefined)
      return { do: 'write', text: typed, label, enter: enter !== undefined };
    if (option !== undefined && list !== undefined) return { do: 'choose', option, label: list };
    if (command !== undefined) return { do: 'run', command };
    return { do: 'see', text: see ?? '' };
  });
}

/** An item goes on in the indented lines after it. */
function inItem(line: string, index: number, lines: readonly string[]): boolean {
  for (let i = index; i >= 0; i--) {
    const above = lines[i] ?? '';
    if (/^\d+\. /.test(above)) return true;
    if (!/^\s+\S/.test(above)) return false;
  }
  return /^\d+\. /.test(line);
}
