import { readFile } from 'node:fs/promises';
import { request } from 'node:https';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Log } from '@nightjar/kit/log';
import {
  KUBERNETES_ANSWER_BYTES_MAX,
  KUBERNETES_AWAY_MS_MAX,
  KUBERNETES_CALL_MS_MAX,
  KUBERNETES_RETRY_MS,
} from '../limits.ts';
import { SetupError } from '../setup-error.ts';

export interface KubernetesAnswer {
  readonly status: number;
  /** What it sent, parsed; undefined when it is no JSON. */
  readonly body: unknown;
}

export interface KubernetesCall {
  readonly method: 'GET' | 'POST' | 'PATCH';
  readonly path: string;
  readonly contentType?: 'application/json' | 'application/merge-patch+json';
  readonly body?: object;
}

export interface KubernetesApi {
  /** The namespace that this program runs in. */
  readonly namespace: string;
  /** One answer, whatever it says. Waits while the API is away or busy; then throws SetupError. */
  call(call: KubernetesCall): Promise<KubernetesAnswer>;
}

/** Where Kubernetes puts a pod's service account. */
export const SERVICE_ACCOUNT_FOLDER = '/var/run/secrets/kubernetes.io/serviceaccount';

/**
 * The Kubernetes API, as a pod sees it: at the address in KUBERNETES_SERVICE_HOST and _PORT, whose certificate the service
 * account's `ca.crt` vouches for, with the service account's token.
 */
export async function kubernetesApi(
  env: NodeJS.ProcessEnv,
  log: Log,
  { folder = SERVICE_ACCOUNT_FOLDER, awayMsMax = KUBERNETES_AWAY_MS_MAX } = {},
): Promise<KubernetesApi> {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port = '443' } = env;
  if (!host)
    throw new SetupError(
      'there is no Kubernetes here (KUBERNETES_SERVICE_HOST is not set): run this in a pod, or name a folder in NIGHTJAR_SECRETS_STORE',
    );
  const read = (name: string) =>
    readFile(path.join(folder, name), 'utf8').catch((error) => {
      throw new SetupError(
        `the pod has no service account (${path.join(folder, name)} cannot be read): set automountServiceAccountToken: true`,
        { cause: error },
      );
    });
  const [ca, namespace] = await Promise.all([read('ca.crt'), read('namespace')]);
  const where = { host: host.replace(/^\[(.*)\]$/, '$1'), port, ca };

  return {
    namespace: namespace.trim(),
    async call(call) {
      const endMono = performance.now() + awayMsMax;
      for (let attempt = 1; ; attempt += 1) {
        try {
          // Kubernetes exchanges tokens while pods run.
          const answer = await send(where, (await read('token')).trim(), call);
          if (!isAway(answer.status)) return answer;
          throw new Error(`status ${answer.status}`);
        } catch (error) {
          if (error instanceof SetupError) throw error;
          if (performance.now() > endMono)
            throw new SetupError(
              `the Kubernetes API did not answer for ${awayMsMax / 1_000} s (${(error as Error).message}): is it up, and does a NetworkPolicy let this pod reach it?`,
              { cause: error },
            );
          log.warn('kubernetes_waits', { attempt, error });
          await pause(KUBERNETES_RETRY_MS);
        }
      }
    },
  };
}

/** Too many requests, or a fault of the server: the same may succeed a little later. */
function isAway(status: number): boolean {
  return status === 429 || status >= 500;
}

function send(
  where: { host: string; port: string; ca: string },
  token: string,
  { method, path: target, contentType = 'application/json', body }: KubernetesCall,
): Promise<KubernetesAnswer> {
  return new Promise((resolve, reject) => {
    const payload = body === undefined ? undefined : JSON.stringify(body);
    const outgoing = request(
      {
        ...where,
        method,
        path: target,
        agent: false,
        signal: AbortSignal.timeout(KUBERNETES_CALL_MS_MAX),
        headers: {
          accept: 'application/json',
          authorization: `Bearer ${token}`,
          ...(payload === undefined
            ? {}
            : { 'content-type': contentType, 'content-length': Buffer.byteLength(payload) }),
        },
      },
      (incoming) => {
        const chunks: Buffer[] = [];
        let bytes = 0;
        incoming.on('data', (chunk: Buffer) => {
          bytes += chunk.length;
          if (bytes > KUBERNETES_ANSWER_BYTES_MAX) incoming.destroy(new Error('too long an answer'));
          else chunks.push(chunk);
        });
        incoming.once('error', reject);
        incoming.once('end', () =>
          resolve({ status: incoming.statusCode ?? 0, body: parsed(Buffer.concat(chunks).toString()) }),
        );
      },
    );
    outgoing.once('error', reject);
    outgoing.end(payload);
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
