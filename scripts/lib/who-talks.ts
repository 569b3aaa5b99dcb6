/** A row of the table: each of `from` may open connections to each of `to`. */
export interface Talk {
  readonly from: readonly string[];
  readonly to: readonly string[];
  /** The name of the ports. */
  readonly port: string;
  /** As the table says them, of what the chart runs by itself. */
  readonly numbers: readonly string[];
}

const HEADING = '## Who talks to whom';
const SERVICES = ['auth', 'rooms', 'payments', 'events', 'geofence', 'edge', 'web'];

/**
 * The table of docs/architecture.md.
 *
 * @throws Error when it is not there or a row cannot be read
 */
export function readWhoTalks(markdown: string): Talk[] {
  const section = markdown.split(`${HEADING}\n`)[1]?.split('\n## ')[0];
  const rows = (section ?? '').split('\n').filter((line) => line.startsWith('|'));
  if (rows.length < 3) throw new Error(`no table under '${HEADING}'`);
  return rows.slice(2).map((line) => {
    const cells = line.split('|').map((cell) => cell.trim());
    const port = /^([a-z]+) \(([\d/A-Z, ]+)\)$/.exec(cells[3] ?? '');
    const from = parties(cells[1]);
    const to = parties(cells[2]);
    if (!port?.[1] || !port[2] || from.length === 0 || to.length === 0)
      throw new Error(`no row of from, to and 'name (number)': ${line}`);
    return { from, to, port: port[1], numbers: port[2].split(', ') };
  });
}

function parties(cell = ''): string[] {
  return cell
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean)
    .flatMap((name) => (name === 'services' ? SERVICES : [name]));
}
