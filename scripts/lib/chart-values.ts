import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'yaml';
import { root } from './root.ts';

interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: unknown;
  readonly items?: Schema;
  readonly oneOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
}

const CHART = path.join(root, 'helm/nightjar');

/** Shapes that many values have: told once, at the end. */
const SHAPES: Readonly<Record<string, string>> = {
  autoscaling: 'How a service grows',
  resources: 'What a pod is given',
  peers: 'Who, for policies',
};

/** docs/operate/values.md: every value of the chart, from its schema, with its default. */
export async function chartValuesPage(): Promise<string> {
  const schema = JSON.parse(await readFile(path.join(CHART, 'values.schema.json'), 'utf8')) as Schema;
  const defaults = parse(await readFile(path.join(CHART, 'values.yaml'), 'utf8')) as Record<string, unknown>;
  const single: string[] = [];
  const sections: string[] = [];
  for (const [name, value] of Object.entries(schema.properties ?? {})) {
    if (name === 'global') continue;
    if (!value.properties) {
      single.push(...rowsOf(name, value, defaults[name]));
      continue;
    }
    sections.push(`## ${name}\n\n${words(value)}\n\n${table(sectionRows(name, value, defaults[name]))}`);
  }
  const shapes = Object.entries(SHAPES).map(
    ([name, title]) => `## ${title}\n\n${table(shapeRows(schema.$defs?.[name] ?? {}, name))}`,
  );
  return `# Values of the chart

Made from \`helm/nightjar/values.schema.json\` by \`scripts/reference\`. A value that is not in these tables is refused. \`publicOrigin\` must be set, and
either \`quickstart.enabled\` or the addresses of engines of your own; \`helm/nightjar/ci\` has whole examples.

${table(single)}
${sections.join('\n')}
${shapes.join('\n')}`;
}

/** Services are alike, so one stands for all. */
function sectionRows(name: string, schema: Schema, value: unknown): string[] {
  if (name !== 'services') return rowsBelow(name, schema, value);
  const [first] = Object.values(schema.properties ?? {});
  return rowsBelow('services.<name>', first ?? {}, {});
}

function rowsBelow(at: string, schema: Schema, value: unknown): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, each]) =>
    rowsOf(`${at}.${name}`, each, (value as Record<string, unknown> | undefined)?.[name]),
  );
}

function rowsOf(at: string, schema: Schema, value: unknown): string[] {
  if (schema.properties) return rowsBelow(at, schema, value);
  const shape = SHAPES[schema.$ref?.split('/').at(-1) ?? ''];
  const more = shape ? ` See [${shape.toLowerCase()}](#${anchor(shape)}).` : '';
  const items = schema.items?.properties ? rowsBelow(`${at}[]`, schema.items, undefined) : [];
  return [`| \`${at}\` | ${words(schema)}${bounds(schema)}${more} | ${shown(value)} |`, ...items];
}

function shapeRows(schema: Schema, at: string): string[] {
  if (!schema.items) return rowsBelow('…', schema, undefined);
  return (schema.items.oneOf ?? []).flatMap((each) => rowsBelow(`${at}[]`, each, undefined));
}

/** Markdown would take it for a tag. */
function words({ description = '' }: Schema): string {
  return description.replaceAll('<', '&lt;');
}

function bounds({ enum: values, minimum, maximum }: Schema): string {
  if (values) return ` One of ${values.map((value) => `\`${value}\``).join(', ')}.`;
  return minimum !== undefined && maximum !== undefined ? ` ${minimum} to ${maximum}.` : '';
}

function shown(value: unknown): string {
  if (value === undefined) return '';
  if (value === '') return 'empty';
  return `\`${typeof value === 'object' ? JSON.stringify(value) : String(value)}\``;
}

function table(rows: readonly string[]): string {
  return `| value | what it is | default |\n|---|---|---|\n${rows.join('\n')}\n`;
}

function anchor(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^a-z ]/g, '')
    .replaceAll(' ', '-');
}
