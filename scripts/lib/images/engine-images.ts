import path from 'node:path';
import type { ContainerEngine } from '@nightjar/testkit/containers/container-engine';
import { locateEngine } from '@nightjar/testkit/servers/engines';
import { root } from '../root.ts';
import { ownBaseImage } from './base-image.ts';

/** The public images of the engines, as the chart and the compose file name them. */
export const ENGINE_IMAGES = {
  postgres: 'postgres:18',
  valkey: 'valkey/valkey:9',
  nats: 'nats:2.15',
  livekit: 'livekit/livekit-server:v1.13.5',
} as const;

/**
 * Makes an image for each engine, under its public name and with the same entry point, of the programs that the
 * project's cache has. Only for an engine of our own: an image that was pulled would be hidden by it.
 */
export async function buildEngineImages(engine: ContainerEngine): Promise<string[]> {
  if (!engine.own) throw new Error('stand-ins would hide the real images of this Docker: pull those');
  const base = await ownBaseImage(engine);
  for (const [name, reference] of Object.entries(ENGINE_IMAGES)) {
    const { program } = await locateEngine(name as keyof typeof ENGINE_IMAGES, { cached: true });
    await engine.run([
      ...['build', '--network', 'host', '--progress', 'plain'],
      ...['--file', path.join(root, 'tools/engines/images/Dockerfile'), '--target', name],
      ...['--build-arg', `BASE=${base}`, '--tag', reference],
      path.dirname(path.dirname(program)),
    ]);
  }
  return Object.values(ENGINE_IMAGES);
}
