import path from 'node:path';
import { findContainerEngine } from '@nightjar/testkit/containers/container-engine';
import type { Cluster } from '@nightjar/testkit/kubernetes/cluster';
import { buildEngineImages, ENGINE_IMAGES } from '../../../scripts/lib/images/engine-images.ts';
import { buildImages, saveImages } from '../../../scripts/lib/images.ts';
import { temporaryFolder } from '../../lib/temporary-folder.ts';

/** Builds all images of this checkout, under each of these tags, and brings them to the cluster with the engines'. */
export async function bringImages(cluster: Cluster, tags: readonly string[]): Promise<void> {
  await using folder = await temporaryFolder('images');
  const archive = path.join(folder.path, 'images.tar');
  await using engine = await findContainerEngine();
  const references: string[] = Object.values(ENGINE_IMAGES);
  if (engine.own) await buildEngineImages(engine);
  else for (const reference of references) await engine.run(['pull', reference]);
  const [first = 'dev', ...others] = tags;
  for (const { name, reference } of await buildImages(engine, { tag: first })) {
    references.push(reference);
    for (const tag of others) {
      const other = `nightjar-${name}:${tag}`;
      await engine.run(['tag', reference, other]);
      references.push(other);
    }
  }
  await saveImages(engine, references, archive);
  await cluster.importImages([archive]);
}
