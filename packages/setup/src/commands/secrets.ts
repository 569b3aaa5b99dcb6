import { createLog } from '@nightjar/kit/log';
import { readFor, SECRETS_SETTINGS } from '../config.ts';
import { folderStore } from '../secrets/folder-store.ts';
import { readGiven } from '../secrets/given.ts';
import { kubernetesApi } from '../secrets/kubernetes-api.ts';
import { kubernetesStore } from '../secrets/kubernetes-store.ts';
import { makeSecrets } from '../secrets/run.ts';

export async function runSecrets(env: NodeJS.ProcessEnv): Promise<void> {
  const settings = readFor(SECRETS_SETTINGS, env);
  const log = createLog('setup', settings.logLevel);
  const store =
    settings.store === 'kubernetes'
      ? kubernetesStore(await kubernetesApi(env, log), settings.labels)
      : folderStore(settings.store);
  await makeSecrets({
    store,
    given: await readGiven(settings.givenFolder),
    installation: {
      prefix: settings.prefix,
      servers: {
        postgres: settings.postgresServer,
        nats: settings.natsServer,
        redis: settings.redisServer,
      },
      livekit: { keyName: settings.livekitKey, namespace: settings.livekitNamespace },
      sum: settings.sum,
    },
    nowMs: Date.now(),
    log,
  });
}
