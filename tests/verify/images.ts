/**
 * The images: built here, and then each looked into and run as a cluster runs it, without a writable root, without
 * rights, as nobody. What every program can do alone is done; what they do together is for other verifications.
 */
import { findContainerEngine } from '@nightjar/testkit/containers/container-engine';
import { buildImages } from '../../scripts/lib/images.ts';
import type { Program } from '../../scripts/lib/programs.ts';
import { oneDecimal, row, say } from '../lib/print.ts';
import { temporaryFolder } from '../lib/temporary-folder.ts';
import { judgeBill } from './images/bill.ts';
import { judgeFiles, listFiles } from './images/files.ts';
import { judgeLabels } from './images/labels.ts';
import { judgeStarts } from './images/starts.ts';

export const run: Program = async ({ signal }) => {
  await using engine = await findContainerEngine();
  const start = performance.now();
  const images = await buildImages(engine, { tag: 'verify' });
  const buildMs = performance.now() - start;
  row(buildMs, 'all images built');

  await using folder = await temporaryFolder('images');
  const faults: string[] = [];
  for (const image of images) {
    signal.throwIfAborted();
    const files = await listFiles(engine, image.reference, folder.path);
    const found = [
      ...judgeLabels(image.name, JSON.parse(await engine.run(['image', 'inspect', image.reference]))[0]),
      ...judgeFiles(files.list),
      ...(await judgeBill(await files.text('sbom.cdx.json'), files.list)),
    ];
    faults.push(...found.map((fault) => `${image.reference}: ${fault}`));
    say(`${image.reference.padEnd(28)} ${(image.bytes / 1e6).toFixed(0)} MB, ${files.list.length} files`);
  }
  faults.push(...(await judgeStarts(engine, images, folder.path, signal)));
  for (const fault of faults) say(`WRONG  ${fault}`);
  return {
    verify: 'images',
    ok: faults.length === 0,
    images: images.length,
    faults: faults.length,
    build_s: oneDecimal(buildMs / 1_000),
    size_mb: Object.fromEntries(images.map(({ name, bytes }) => [name, Math.round(bytes / 1e6)])),
  };
};
