import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Whom programs run as in our images. */
const USER = '65532:65532';

/**
 * An image that holds one static program and nothing else, as `docker save` would write it, for `importImages`. Of the same
 * program it is the same image, byte for byte.
 */
export async function writeProgramImage(file: string, name: string, program: string): Promise<void> {
  const base = path.basename(program);
  const layer = tar([{ name: base, content: await readFile(program), mode: 0o755 }]);
  const config = {
    architecture: process.arch === 'arm64' ? 'arm64' : 'amd64',
    os: 'linux',
    config: { Entrypoint: [`/${base}`], User: USER },
    rootfs: { type: 'layers', diff_ids: [`sha256:${createHash('sha256').update(layer).digest('hex')}`] },
  };
  const manifest = [{ Config: 'config.json', RepoTags: [name], Layers: ['layer.tar'] }];
  await writeFile(
    file,
    tar([
      { name: 'manifest.json', content: Buffer.from(JSON.stringify(manifest)), mode: 0o644 },
      { name: 'config.json', content: Buffer.from(JSON.stringify(config)), mode: 0o644 },
      { name: 'layer.tar', content: layer, mode: 0o644 },
    ]),
  );
}

interface Entry {
  readonly name: string;
  readonly content: Buffer;
  readonly mode: number;
}

const BLOCK = 512;
const CHECKSUM_AT = 148;

/** Files of root's, made in 1970, in the archive format that POSIX calls ustar. */
function tar(entries: readonly Entry[]): Buffer {
  const parts = entries.flatMap(({ name, content, mode }) => [
    header(name, content.length, mode),
    content,
    Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK),
  ]);
  return Buffer.concat([...parts, Buffer.alloc(2 * BLOCK)]);
}

function header(name: string, size: number, mode: number): Buffer {
  const block = Buffer.alloc(BLOCK);
  const octal = (value: number, digits: number) => value.toString(8).padStart(digits, '0');
  block.write(name, 0);
  block.write(octal(mode, 7), 100);
  block.write(octal(0, 7), 108);
  block.write(octal(0, 7), 116);
  block.write(octal(size, 11), 124);
  block.write(octal(0, 11), 136);
  // The sum is taken with spaces in its own place.
  block.write(' '.repeat(8), CHECKSUM_AT);
  block.write('0', 156);
  block.write('ustar\u000000', 257);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${octal(sum, 6)}\0 `, CHECKSUM_AT);
  return block;
}
