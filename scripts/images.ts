import { parseArgs } from 'node:util';
import { findContainerEngine } from '@nightjar/testkit/containers/container-engine';
import { buildImages, IMAGE_NAMES, type ImageName, saveImages, TAG_DEFAULT } from './lib/images.ts';
import { say } from './lib/print.ts';

const USAGE = `scripts/images [NAME]... [--base IMAGE] [--tag TAG] [--save FILE.tar]

  NAME     ${IMAGE_NAMES.join(', ')}: all of them unless given
  --base   Debian with Node 24, to build on; node:24-bookworm-slim with a Docker that runs here, else one made here
  --tag    ${TAG_DEFAULT} unless given
  --save   writes them into one file too, for docker load or ctr images import
`;

const { values, positionals } = readArguments();
const unknown = positionals.filter((name) => !(IMAGE_NAMES as string[]).includes(name));
if (unknown.length > 0) fail(`there is no image ${unknown.join(', ')}\n\n${USAGE}`);

function fail(text: string): never {
  say(text);
  process.exit(2);
}

function readArguments() {
  const options = { base: { type: 'string' }, tag: { type: 'string' }, save: { type: 'string' } } as const;
  try {
    return parseArgs({ allowPositionals: true, options: { ...options, help: { type: 'boolean' } } });
  } catch (error) {
    return fail(`${(error as Error).message}\n\n${USAGE}`);
  }
}

if (values.help) {
  process.stdout.write(USAGE);
} else {
  await using engine = await findContainerEngine();
  const { tag = TAG_DEFAULT, base, save } = values;
  const images = await buildImages(engine, {
    ...(positionals.length > 0 ? { names: positionals as ImageName[] } : {}),
    tag,
    base,
  });
  if (save)
    await saveImages(
      engine,
      images.map(({ reference }) => reference),
      save,
    );
  const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(0).padStart(5)} MB`;
  process.stdout.write(`${'image'.padEnd(24)}     size  of its own\n`);
  for (const { reference, bytes, ownBytes } of images)
    process.stdout.write(`${reference.padEnd(24)} ${megabytes(bytes)}    ${megabytes(ownBytes)}\n`);
}
