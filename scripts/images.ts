import { parseArgs } from 'node:util';
import { findContainerEngine } from '@nightjar/testkit/containers/container-engine';
import { buildEngineImages } from './lib/images/engine-images.ts';
import {
  type BuiltImage,
  buildImages,
  IMAGE_NAMES,
  type ImageName,
  saveImages,
  TAG_DEFAULT,
} from './lib/images.ts';
import { say } from './lib/print.ts';

const USAGE = `scripts/images [NAME]... [--base IMAGE] [--tag TAG] [--engines] [--save FILE.tar]

  NAME       ${IMAGE_NAMES.join(', ')}: all of them unless given
  --base     Debian with Node 24, to build on; node:24-bookworm-slim with a Docker that runs here, else one made here
  --tag      ${TAG_DEFAULT} unless given
  --engines  stand-ins for the images of PostgreSQL, Valkey, NATS and LiveKit too, where those cannot be pulled
  --save     writes all of these into one file too, for docker load or ctr images import
`;

function refuse(text: string): never {
  say(`${text}\n\n${USAGE}`);
  process.exit(2);
}

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        base: { type: 'string' },
        tag: { type: 'string' },
        engines: { type: 'boolean' },
        save: { type: 'string' },
        help: { type: 'boolean' },
      },
    });
  } catch (error) {
    return refuse((error as Error).message);
  }
}

const { values, positionals } = readArguments();
const unknown = positionals.filter((name) => !(IMAGE_NAMES as readonly string[]).includes(name));
if (unknown.length > 0) refuse(`there is no image ${unknown.join(', ')}`);

async function make(): Promise<BuiltImage[]> {
  await using engine = await findContainerEngine();
  const images = await buildImages(engine, {
    ...(positionals.length > 0 ? { names: positionals as ImageName[] } : {}),
    tag: values.tag ?? TAG_DEFAULT,
    base: values.base,
  });
  const references = images.map(({ reference }) => reference);
  if (values.engines) references.push(...(await buildEngineImages(engine)));
  if (values.save) await saveImages(engine, references, values.save);
  else if (engine.own)
    say('They are in an engine of our own, which has ended: --save FILE.tar takes them out.');
  return images;
}

function table(images: readonly BuiltImage[]): string {
  const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(0)} MB`.padStart(9);
  const rows = images.map(
    ({ reference, bytes, ownBytes }) =>
      `${reference.padEnd(24)} ${megabytes(bytes)} ${megabytes(ownBytes)}\n`,
  );
  return `${'image'.padEnd(24)} ${'size'.padStart(9)} ${'its own'.padStart(9)}\n${rows.join('')}`;
}

if (values.help) {
  process.stdout.write(USAGE);
} else {
  try {
    process.stdout.write(table(await make()));
  } catch (error) {
    say(`scripts/images: ${(error as Error).message}`);
    process.exitCode = 1;
  }
}
