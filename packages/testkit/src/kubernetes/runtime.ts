import { statfsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { RunningServer } from '../servers/running-server.ts';
import { startPart } from './control-plane.ts';
import { cniFolder } from './engines.ts';
import { writeProgramImage } from './image.ts';
import type { Node, Surroundings } from './node.ts';
import { containerdConfig, networkConfig } from './node-settings.ts';
import { runToEnd } from './run.ts';

const OVERLAYFS = 0x794c7630;

/** What runs containers on the node, and has their images. */
export async function startRuntime(around: Surroundings, program: string): Promise<RunningServer> {
  const { node, paths } = around;
  await writeFile(
    paths.containerdConfig,
    containerdConfig({ cniFolder: cniFolder() ?? '', paths, snapshotter: snapshotterFor(paths.folder) }),
  );
  await mkdir(paths.network);
  await writeFile(path.join(paths.network, '10-pods.conflist'), JSON.stringify(networkConfig()));
  return startPart(
    { ...around, folder: paths.folder, within: node.inside },
    {
      name: 'containerd',
      program,
      args: ['-c', paths.containerdConfig],
      ask: () => runToEnd('ctr', ['version'], { within: node.inside }),
    },
  );
}

export async function importImages(node: Node, archives: readonly string[]): Promise<void> {
  for (const archive of archives) {
    await runToEnd('ctr', ['--namespace', 'k8s.io', 'images', 'import', path.resolve(archive)], {
      within: node.inside,
    });
  }
}

/** Images that hold one program each. */
export async function importOwnImages(
  { node, paths }: Surroundings,
  images: readonly { readonly name: string; readonly program: string }[],
): Promise<void> {
  await mkdir(paths.images);
  for (const { name, program } of images) {
    const archive = path.join(paths.images, `${path.basename(program)}.tar`);
    await writeProgramImage(archive, name, program);
    await importImages(node, [archive]);
  }
}

/** Layers are laid over each other by the kernel, which does not take layers for a base: there they are copied. */
function snapshotterFor(folder: string): string {
  return statfsSync(folder).type === OVERLAYFS ? 'native' : 'overlayfs';
}
