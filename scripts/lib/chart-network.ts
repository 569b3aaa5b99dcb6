import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'yaml';
import { root } from './root.ts';
import { readWhoTalks, type Talk } from './who-talks.ts';

interface Connection {
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly port?: string;
  readonly why: string;
}

const PAGE = path.join(root, 'docs/operate/network.md');
const BEGIN = '<!-- from helm/nightjar/files/connections.yaml, by scripts/reference -->\n';
const END = '<!-- to here -->';

/** docs/operate/network.md with its table made anew: every connection of the chart, and why it is there. */
export async function chartNetworkPage(): Promise<string> {
  const page = await readFile(PAGE, 'utf8');
  const connections = parse(
    await readFile(path.join(root, 'helm/nightjar/files/connections.yaml'), 'utf8'),
  ) as Connection[];
  const talks = readWhoTalks(await readFile(path.join(root, 'docs/architecture.md'), 'utf8'));
  const rows = connections.map(
    (connection) =>
      `| ${connection.from.join(', ')} | ${connection.to.join(', ')} | ${portOf(connection, talks)} | ${connection.why} |`,
  );
  const [before, rest] = page.split(BEGIN);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined) throw new Error(`${PAGE} has lost the place of its table`);
  const head = '\n| from | to | port | why |\n|---|---|---|---|\n';
  return `${before}${BEGIN}${head}${rows.join('\n')}\n\n${END}${after}`;
}

/** The port as docs/architecture.md has it. */
function portOf({ from, to, port }: Connection, talks: readonly Talk[]): string {
  const expand = (names: readonly string[]) =>
    names.flatMap((name) => (name === 'services' ? ['auth'] : [name]));
  const found = expand(to).map((target) =>
    talks.find(
      (talk) =>
        talk.to.includes(target) &&
        expand(from).every((source) => talk.from.includes(source)) &&
        (port === undefined || talk.port === port),
    ),
  );
  const numbers = new Set(
    found.map((talk, index) => {
      if (!talk) throw new Error(`docs/architecture.md does not know ${from.join(', ')} → ${to[index]}`);
      return talk.numbers.join(', ');
    }),
  );
  return [...numbers].join('; ');
}
