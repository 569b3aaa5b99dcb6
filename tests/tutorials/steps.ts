import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { root } from '../../scripts/lib/root.ts';

/** One thing that a tutorial tells its reader to do, or says that they see. */
export type Step =
  | { readonly do: 'open'; readonly url: string }
  | { readonly do: 'open-privately'; readonly link: string }
  | { readonly do: 'go'; readonly window: Window }
  | { readonly do: 'press'; readonly name: string }
  | { readonly do: 'press-key'; readonly key: string }
  | { readonly do: 'write'; readonly text: string; readonly label: string; readonly enter: boolean }
  | { readonly do: 'choose'; readonly option: string }
  | { readonly do: 'see'; readonly text: string }
  | { readonly do: 'tip-says'; readonly text: string }
  | { readonly do: 'run-copied' }
  | { readonly do: 'run'; readonly script: string; readonly stays: boolean }
  | { readonly do: 'file'; readonly file: string; readonly text: string }
  | { readonly do: 'prints'; readonly who: 'it' | 'bot'; readonly text: string };

/** A private window is another person: it shares nothing with the first. */
export type Window = 'first' | 'private';

/**
 * How a tutorial is written: in bold is what stands on the screen, in code what is typed or printed. An … at the end of
 * something in bold stands for what follows it there.
 */
const GRAMMAR: readonly (readonly [RegExp, Make])[] = [
  [/Open `(?<url>[^`]+)`/, (of) => ({ do: 'open', url: of('url') })],
  [/Open \*\*(?<link>[^*]+)\*\* in a private window/, (of) => ({ do: 'open-privately', link: of('link') })],
  [
    /[Gg]o (?:back )?to the (?<window>first|private) window/,
    (of) => ({ do: 'go', window: of('window') as Window }),
  ],
  [/[Pp]ress \*\*(?<name>[^*]+)\*\*/, (of) => ({ do: 'press', name: of('name') })],
  [/[Pp]ress `(?<key>[^`]+)`/, (of) => ({ do: 'press-key', key: of('key') })],
  [
    /Write `(?<text>[^`]+)` in \*\*(?<label>[^*]+)\*\*(?<enter> and press Enter)?/,
    (of) => ({ do: 'write', text: of('text'), label: of('label'), enter: of('enter') !== '' }),
  ],
  [/Choose \*\*(?<option>[^*]+)\*\*/, (of) => ({ do: 'choose', option: of('option') })],
  [/[Yy]ou see \*\*(?<text>[^*]+)\*\*/, (of) => ({ do: 'see', text: of('text') })],
  [/Your tip says \*\*(?<text>[^*]+)\*\*/, (of) => ({ do: 'tip-says', text: of('text') })],
  [/run what it copied/, () => ({ do: 'run-copied' })],
  [
    /this to `(?<file>[^`]+)`: ⟦(?<block>\d+)⟧/,
    (of, blocks) => ({ do: 'file', file: of('file'), text: blockOf(blocks, of('block')) }),
  ],
  [
    /(?<stays>leave it running: )?⟦(?<block>\d+)⟧/,
    (of, blocks) => ({ do: 'run', script: blockOf(blocks, of('block')), stays: of('stays') !== '' }),
  ],
  [
    /(?<who>It|The bot) prints `(?<text>[^`]+)`/,
    (of) => ({ do: 'prints', who: of('who') === 'It' ? 'it' : 'bot', text: of('text') }),
  ],
];

/** @param of what was named in the sentence; what was not there is empty */
type Make = (of: (name: string) => string, blocks: readonly string[]) => Step;

/** ⟦n⟧ stands for a code block while its item is read as one line. */
function blockOf(blocks: readonly string[], index: string): string {
  return blocks[Number(index)] ?? '';
}

/** The steps of a tutorial's numbered lists, as a person would read them. */
export async function stepsOf(tutorial: string): Promise<Step[]> {
  return readSteps(await readFile(path.join(root, 'docs/tutorials', tutorial), 'utf8'));
}

/** @throws Error when something in bold belongs to no step, so that nothing is promised that is not tried */
export function readSteps(markdown: string): Step[] {
  return itemsOf(markdown).flatMap(({ line, blocks }) => {
    const steps: Step[] = [];
    let rest = line;
    for (let next = nextStep(rest); next; next = nextStep(rest)) {
      const { match, make } = next;
      assertNoBold(rest.slice(0, match.index), line);
      steps.push(make((name) => match.groups?.[name] ?? '', blocks));
      rest = rest.slice(match.index + match[0].length);
    }
    assertNoBold(rest, line);
    return steps;
  });
}

function nextStep(text: string) {
  return GRAMMAR.map(([pattern, make]) => ({ match: pattern.exec(text), make }))
    .filter((found): found is { match: RegExpExecArray; make: Make } => !!found.match)
    .sort((a, b) => a.match.index - b.match.index)[0];
}

function assertNoBold(text: string, line: string): void {
  if (text.includes('**')) throw new Error(`no step takes what is in bold in '${text}', of '${line}'`);
}

/** Each numbered item on one line, its code blocks apart. */
function itemsOf(markdown: string): { line: string; blocks: string[] }[] {
  // An item goes on in the indented and empty lines after it.
  const items = markdown.match(/^\d+\. .*(?:\n(?: +.*)?(?=\n|$))*/gm) ?? [];
  return items.map((item) => {
    const blocks: string[] = [];
    const text = item.replaceAll(/^( +)```\w*\n([\s\S]*?)^ +```$/gm, (_, indent: string, code: string) => {
      blocks.push(code.replaceAll(new RegExp(`^${indent}`, 'gm'), ''));
      return ` ⟦${blocks.length - 1}⟧ `;
    });
    return { line: text.replaceAll(/\s+/g, ' ').trim(), blocks };
  });
}
