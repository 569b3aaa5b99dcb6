import path from 'node:path';
import { OLDEST_KUBERNETES } from '@nightjar/testkit/kubernetes/chart-engines';
import { runToEnd } from '@nightjar/testkit/kubernetes/run';
import { findEngine } from '@nightjar/testkit/servers/engines';

/** Kinds of others, whose schemas the control plane has. */
const NOT_KUBERNETES = 'HTTPRoute';

/**
 * Compares objects with the strict schemas of the oldest Kubernetes that the chart promises, and resolves to how many fit.
 *
 * @throws Error that names each which does not
 */
export async function judgeBySchemas(manifests: string): Promise<number> {
  const bin = path.dirname((await findEngine('helm')).program);
  const location = path.join(bin, '../schemas/{{.ResourceKind}}{{.KindSuffix}}.json');
  const args = ['-strict', '-summary', '-output', 'json', '-schema-location', location];
  const version = ['-kubernetes-version', OLDEST_KUBERNETES, '-skip', NOT_KUBERNETES];
  const said = await runToEnd(path.join(bin, 'kubeconform'), [...args, ...version, '-'], {
    stdin: manifests,
  });
  return (JSON.parse(said) as { summary: { valid: number } }).summary.valid;
}
