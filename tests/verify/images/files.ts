import path from 'node:path';
import type { ContainerEngine } from '@nightjar/testkit/containers/container-engine';
import { runToEnd } from '@nightjar/testkit/kubernetes/run';

export interface ImageFile {
  /** As `ls -l` has it: `-rwxr-xr-x`. */
  readonly mode: string;
  readonly owner: string;
  readonly path: string;
}

export interface ImageFiles {
  readonly list: readonly ImageFile[];
  text(file: string): Promise<string>;
}

/** What an image has, by a container of it that is never started. */
export async function listFiles(engine: ContainerEngine, image: string, folder: string): Promise<ImageFiles> {
  const archive = path.join(folder, `${image.replace(/\W/g, '-')}.tar`);
  const container = (await engine.run(['create', '--network', 'none', image])).trim();
  try {
    await engine.run(['export', '--output', archive, container]);
  } finally {
    await engine.run(['rm', container]);
  }
  const lines = (await runToEnd('tar', ['--list', '--verbose', '--numeric-owner', '--file', archive])).trim();
  return {
    list: lines.split('\n').map((line) => {
      const [mode = '', owner = '', , , , ...name] = line.split(/\s+/);
      return { mode, owner, path: name.join(' ') };
    }),
    text: (file) => runToEnd('tar', ['--extract', '--to-stdout', '--file', archive, file]),
  };
}

/** Made by the engine for every container. */
const ENGINES_OWN = /^(\.dockerenv|dev\/.*|proc\/|sys\/|etc\/(|hostname|hosts|mtab.*|resolv\.conf))$/;
const PROGRAMS = new Set(['usr/local/bin/node']);
const IN_FOLDERS_OF_PROGRAMS = /^(usr\/(local\/)?)?s?bin\/[^/]/;
const ONLY_FOR_BUILDING = /(\.d\.[cm]?ts|\.tsbuildinfo|\.test\.[cm]?js|(^|\/)\.npmrc|pnpm-lock\.yaml)( |$)/;
const OUR_SOURCES =
  /^app\/(node_modules\/\.pnpm\/@nightjar[^/]+\/node_modules\/@nightjar\/[^/]+\/)?(src|test)\//;

/** A shell, a package manager, sources, tests; anything that its own user could change, or become another by. */
export function judgeFiles(files: readonly ImageFile[]): string[] {
  return files.flatMap(({ mode, owner, path: file }) => {
    if (ENGINES_OWN.test(file)) return [];
    const faults = [];
    if (IN_FOLDERS_OF_PROGRAMS.test(file) && !PROGRAMS.has(file)) faults.push(`has the program ${file}`);
    if (ONLY_FOR_BUILDING.test(file) || OUR_SOURCES.test(file))
      faults.push(`has ${file}, which nothing runs`);
    if (owner !== '0/0') faults.push(`${file} belongs to ${owner}`);
    if (/^[^l].......w/.test(mode) && file !== 'tmp/') faults.push(`anybody may change ${file} (${mode})`);
    if (/^...[sS]|^......[sS]/.test(mode)) faults.push(`${file} makes another user of its caller (${mode})`);
    return faults;
  });
}
