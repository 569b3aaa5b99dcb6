/**
 * Writes an image's bill of materials (CycloneDX): npm packages as pnpm lists them, Debian's packages whose files are
 * there, Node with what it carries. It also refuses a program that is linked with a library that the image has not.
 */

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, openSync, readdirSync, readFileSync, readSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { filesIn, withoutTimes } from './files.ts';

interface Component {
  readonly type: string;
  readonly name: string;
  readonly version?: string;
  readonly purl?: string;
  readonly 'bom-ref': string;
  readonly [more: string]: unknown;
}

interface Bill {
  readonly metadata: { readonly component: Component; readonly timestamp?: string };
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn?: readonly string[] }[];
  readonly serialNumber: string;
}

const { values } = parseArgs({
  options: { image: { type: 'string' }, rootfs: { type: 'string' }, npm: { type: 'string' } },
});
const { image, rootfs, npm } = values;
if (!image || !rootfs || !npm) throw new Error('describe.ts --image FOLDER --rootfs FOLDER --npm FILE');
const out = path.join(image, 'sbom.cdx.json');

refuseMissingLibraries(path.join(image, 'app'), rootfs);

const bill = JSON.parse(readFileSync(npm, 'utf8')) as Bill;
const system = [...debianPackages(rootfs), node()];
const { timestamp: _, ...metadata } = bill.metadata;
const content = {
  ...bill,
  metadata,
  components: sorted([...bill.components, ...system], (component) => component['bom-ref']),
  dependencies: sorted(bill.dependencies, ({ ref }) => ref).map(({ ref, dependsOn = [] }) => ({
    ref,
    dependsOn: [
      ...dependsOn,
      ...(ref === bill.metadata.component['bom-ref'] ? system.map((each) => each['bom-ref']) : []),
    ].sort(),
  })),
};
// The same image has the same bill, to the byte.
const { serialNumber: __, ...unnumbered } = content;
writeFileSync(
  out,
  `${JSON.stringify({ ...content, serialNumber: `urn:uuid:${uuidOf(JSON.stringify(unnumbered))}` }, null, 1)}\n`,
);
withoutTimes(image);

/** pnpm lists what it found in the order in which it came. */
function sorted<T>(list: readonly T[], keyOf: (each: T) => string): T[] {
  return [...list].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

function refuseMissingLibraries(app: string, rootfs: string): void {
  const there = new Set(filesIn(path.join(rootfs, 'usr/lib')).map((file) => path.basename(file)));
  for (const file of filesIn(app)) {
    if (!isElf(file)) continue;
    const linked = execFileSync('ldd', [file], { encoding: 'utf8' });
    for (const [, name = '', where] of linked.matchAll(/^\s*(\S+) => (\S+)/gm)) {
      if (where?.startsWith(app) || there.has(name)) continue;
      throw new Error(`${file} needs ${name}, which the image has not (tools/images/runtime.ts)`);
    }
  }
}

function isElf(file: string): boolean {
  const magic = Buffer.alloc(4);
  const descriptor = openSync(file, 'r');
  try {
    readSync(descriptor, magic);
  } finally {
    closeSync(descriptor);
  }
  return magic.equals(Buffer.from('\x7fELF', 'latin1'));
}

function debianPackages(rootfs: string): Component[] {
  const release = readFileSync(path.join(rootfs, 'etc/debian_version'), 'utf8').trim();
  const folder = path.join(rootfs, 'var/lib/dpkg/status.d');
  return readdirSync(folder)
    .sort()
    .map((name) => {
      const entry = readFileSync(path.join(folder, name), 'utf8');
      const field = (title: string) => new RegExp(`^${title}: (.*)$`, 'm').exec(entry)?.[1] ?? '';
      const version = field('Version');
      const source = field('Source').replace(/ .*/, '') || name;
      const purl = `pkg:deb/debian/${name}@${encodeURIComponent(version)}?arch=${field('Architecture')}&distro=debian-${release}&upstream=${source}`;
      return { type: 'library', name, version, description: field('Description'), purl, 'bom-ref': purl };
    });
}

/** Node's own parts have advisories of their own, above all OpenSSL. */
function node(): Component {
  const { node: version, ...carried } = process.versions;
  const purl = `pkg:generic/node@${version}`;
  return {
    type: 'platform',
    name: 'node',
    version,
    purl,
    cpe: `cpe:2.3:a:nodejs:node.js:${version}:*:*:*:*:*:*:*`,
    'bom-ref': purl,
    licenses: [{ license: { id: 'MIT' } }],
    components: Object.entries(carried)
      // A number of an interface is not a version of a thing.
      .filter(([name, version]) => version !== undefined && !['modules', 'napi'].includes(name))
      .map(([name, version]) => ({
        type: 'library',
        name,
        version: version as string,
        'bom-ref': `${purl}#${name}`,
        ...(name === 'openssl' ? { cpe: `cpe:2.3:a:openssl:openssl:${version}:*:*:*:*:*:*:*` } : {}),
      })),
  };
}

/** A UUID (version 8: of one's own making) from a content's hash. */
function uuidOf(content: string): string {
  const bytes = createHash('sha256').update(content).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
