/**
 * Writes into an empty folder what an image has besides its program: Node, the system's libraries that Node, workerd and
 * LiveKit's client are linked with, time zones, certificates, one user, and who made all that. It runs on the base
 * image, with nothing but Node: `runtime.ts FOLDER`. No shell and no package manager are among it.
 */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { rootCertificates } from 'node:tls';
import { withoutTimes } from './files.ts';

/** Beside what Node itself needs: real-time for workerd, and names by DNS and by /etc/hosts. */
const MORE_LIBRARIES = ['librt.so.1', 'libresolv.so.2', 'libnss_dns.so.2', 'libnss_files.so.2'];

const USER = 65_532;

const folder = process.argv[2];
if (!folder) throw new Error('runtime.ts FOLDER');

const packages = new Set<string>();

function put(file: string, text: string, mode = 0o644): void {
  const target = path.join(folder as string, file);
  mkdirSync(path.dirname(target), { recursive: true });
  writeFileSync(target, text, { mode });
}

function copy(from: string, to: string): void {
  const target = path.join(folder as string, to);
  mkdirSync(path.dirname(target), { recursive: true });
  copyFileSync(realpathSync(from), target);
}

/** The package that a file came with. dpkg knows it by the path it had before /lib became a link to /usr/lib. */
function owner(file: string): string {
  const real = realpathSync(file);
  for (const candidate of [real, real.replace(/^\/usr/, '')]) {
    try {
      const [name = ''] = execFileSync('dpkg-query', ['--search', candidate], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      }).split(': ');
      return name.replace(/:.*/, '');
    } catch {
      // Not under this path.
    }
  }
  throw new Error(
    `no package of this system has ${file}: the base image is to be Debian with Node in /usr/local`,
  );
}

copy(process.execPath, '/usr/local/bin/node');
copy(path.join(path.dirname(process.execPath), '../LICENSE'), '/usr/local/LICENSE');

const linked = execFileSync('ldd', [process.execPath], { encoding: 'utf8' });
const libraries = [...linked.matchAll(/^\s*(?:\S+ => )?(\/\S+) \(0x/gm)].map((match) => match[1] as string);
const loader = libraries.find((file) => path.basename(file).startsWith('ld-linux'));
const libc = libraries.find((file) => path.basename(file) === 'libc.so.6');
if (!loader || !libc) throw new Error(`Node is not linked with this system's libraries:\n${linked}`);
const place = path.join('/usr/lib', path.basename(path.dirname(libc)));
for (const file of [...libraries, ...MORE_LIBRARIES.map((name) => path.join(path.dirname(libc), name))]) {
  copy(file, path.join(place, path.basename(file)));
  packages.add(owner(file));
}
for (const name of ['lib', 'lib64']) {
  mkdirSync(path.join(folder, 'usr', name), { recursive: true });
  symlinkSync(`usr/${name}`, path.join(folder, name));
}
// Where programs say that their loader is.
const said = path.join(folder, '/usr', loader);
if (!existsSync(said)) symlinkSync(path.join(place, path.basename(loader)), said);

// The doubles with and without leap seconds are for nobody here.
cpSync('/usr/share/zoneinfo', path.join(folder, '/usr/share/zoneinfo'), {
  recursive: true,
  verbatimSymlinks: true,
  filter: (file) => !/^\/usr\/share\/zoneinfo\/(posix|right)$/.test(file),
});
packages.add(owner('/usr/share/zoneinfo/UTC'));

// Mozilla's, as Node carries them: slim bases have no package of certificates.
put('/etc/ssl/certs/ca-certificates.crt', `${rootCertificates.join('\n')}\n`);
put(
  '/etc/passwd',
  `root:x:0:0:root:/:/sbin/nologin\nnightjar:x:${USER}:${USER}:nightjar:/tmp:/sbin/nologin\n`,
);
put('/etc/group', `root:x:0:\nnightjar:x:${USER}:\n`);
put('/etc/nsswitch.conf', 'passwd: files\ngroup: files\nhosts: files dns\n');
for (const file of ['/etc/os-release', '/etc/debian_version']) copy(file, file);
mkdirSync(path.join(folder, 'tmp'));
chmodSync(path.join(folder, 'tmp'), 0o1777);

// Each package's entry where scanners look for it in images without a package manager, and its licence.
for (const name of [...packages].sort()) {
  put(`/var/lib/dpkg/status.d/${name}`, execFileSync('dpkg-query', ['--status', name], { encoding: 'utf8' }));
  const licence = `/usr/share/doc/${name}/copyright`;
  copy(licence, licence);
}

withoutTimes(folder);
