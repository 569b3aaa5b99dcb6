import { CONFLICTS_MAX } from '../limits.ts';
import { SetupError } from '../setup-error.ts';
import type { KubernetesAnswer, KubernetesApi } from './kubernetes-api.ts';
import { linesOf, type SecretData, type SecretRef, type SecretStore, sameData } from './store.ts';

interface Held {
  readonly data: SecretData;
  readonly labels: Readonly<Record<string, string>>;
  /** Changes with every write: a PATCH that names an older one is refused. */
  readonly version: string;
}

/** Secrets of Kubernetes. It needs `get`, `create` and `patch` on them, and lists nothing. */
export function kubernetesStore(api: KubernetesApi, labels: Readonly<Record<string, string>>): SecretStore {
  const namespaceOf = (ref: SecretRef) => ref.namespace ?? api.namespace;
  const collection = (ref: SecretRef) => `/api/v1/namespaces/${encodeURIComponent(namespaceOf(ref))}/secrets`;
  const one = (ref: SecretRef) => `${collection(ref)}/${encodeURIComponent(ref.name)}`;

  async function get(ref: SecretRef): Promise<Held | undefined> {
    const answer = await api.call({ method: 'GET', path: one(ref) });
    if (answer.status === 404) return undefined;
    if (answer.status !== 200) throw refusal(answer, 'get', ref);
    return toHeld(answer.body);
  }

  /** False when another program wrote it in the meantime. */
  async function create(ref: SecretRef, data: SecretData): Promise<boolean> {
    const answer = await api.call({
      method: 'POST',
      path: collection(ref),
      body: {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: ref.name, labels },
        type: 'Opaque',
        data: encoded(data),
      },
    });
    if (answer.status === 409) return false;
    if (answer.status !== 201) throw refusal(answer, 'create', ref);
    return true;
  }

  /** The same. `null` takes a key away. */
  async function patch(ref: SecretRef, held: Held, data: Record<string, string | null>): Promise<boolean> {
    const answer = await api.call({
      method: 'PATCH',
      path: one(ref),
      contentType: 'application/merge-patch+json',
      body: { metadata: { resourceVersion: held.version, labels }, data },
    });
    // 404: taken away since it was read.
    if (answer.status === 409 || answer.status === 404) return false;
    if (answer.status !== 200) throw refusal(answer, 'patch', ref);
    return true;
  }

  /** Does it again from the beginning for as long as others write the same Secret. */
  async function untilWritten(
    ref: SecretRef,
    attempt: (held: Held | undefined) => Promise<'written' | 'right already' | 'lost'>,
  ): Promise<boolean> {
    for (let tries = 0; tries < CONFLICTS_MAX; tries += 1) {
      const outcome = await attempt(await get(ref));
      if (outcome !== 'lost') return outcome === 'written';
    }
    throw new SetupError(
      `another program writes the Secret ${ref.name} all the time: is a controller managing it, or are two installations of one name in this namespace?`,
    );
  }

  function refusal({ status, body }: KubernetesAnswer, verb: string, ref: SecretRef): SetupError {
    const where = `${ref.name} in the namespace ${namespaceOf(ref)}`;
    if (status === 401)
      return new SetupError(
        `Kubernetes does not know this pod's service account (401, ${verb} Secret ${where}): was it deleted and made anew? Delete the pod`,
      );
    if (status === 403)
      return new SetupError(
        `the pod's service account may not ${verb} the Secret ${where} (403). Bind a Role to it in that namespace with get, create and patch on secrets, as the chart does, or make the Secrets yourself`,
      );
    if (status === 404)
      return new SetupError(`there is no namespace ${namespaceOf(ref)}: make it, or name another`);
    const said = body as { reason?: unknown; message?: unknown } | undefined;
    return new SetupError(
      `Kubernetes refuses to ${verb} the Secret ${where} (${status}, ${String(said?.reason ?? '')}): ${String(said?.message ?? '')}`,
    );
  }

  return {
    read: async (ref) => (await get(ref))?.data,
    async add(ref, data) {
      await untilWritten(ref, async (held) => {
        if (!held) return (await create(ref, data)) ? 'written' : 'lost';
        const missing = Object.entries(data).filter(([key]) => !Object.hasOwn(held.data, key));
        if (missing.length === 0) return 'right already';
        return (await patch(ref, held, encoded(Object.fromEntries(missing)))) ? 'written' : 'lost';
      });
    },
    async addLines(ref, lines) {
      await untilWritten(ref, async (held) => {
        if (!held) return (await create(ref, lines)) ? 'written' : 'lost';
        const longer = Object.entries(lines).flatMap(([key, line]) => {
          const before = linesOf(held.data[key] ?? '');
          return before.includes(line.trim()) ? [] : [[key, `${[...before, line.trim()].join('\n')}\n`]];
        });
        if (longer.length === 0) return 'right already';
        return (await patch(ref, held, encoded(Object.fromEntries(longer)))) ? 'written' : 'lost';
      });
    },
    put: (ref, next) =>
      untilWritten(ref, async (held) => {
        const data = next(held?.data ?? {});
        if (!held) return (await create(ref, data)) ? 'written' : 'lost';
        if (sameData(held.data, data) && hasLabels(held, labels)) return 'right already';
        const gone = Object.keys(held.data).filter((key) => !Object.hasOwn(data, key));
        const change = { ...encoded(data), ...Object.fromEntries(gone.map((key) => [key, null])) };
        return (await patch(ref, held, change)) ? 'written' : 'lost';
      }),
  };
}

function toHeld(body: unknown): Held {
  const { data, metadata } = body as {
    data?: Record<string, string>;
    metadata: { resourceVersion: string; labels?: Record<string, string> };
  };
  const decoded = Object.entries(data ?? {}).map(([key, value]) => [
    key,
    Buffer.from(value, 'base64').toString('utf8'),
  ]);
  return {
    data: Object.fromEntries(decoded),
    labels: metadata.labels ?? {},
    version: metadata.resourceVersion,
  };
}

function encoded(data: SecretData): Record<string, string> {
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'utf8').toString('base64')]),
  );
}

function hasLabels(held: Held, labels: Readonly<Record<string, string>>): boolean {
  return Object.entries(labels).every(([name, value]) => held.labels[name] === value);
}
