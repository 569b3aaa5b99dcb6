import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Cluster } from '@nightjar/testkit/kubernetes/cluster';
import { findEngine } from '@nightjar/testkit/servers/engines';
import { root } from '../../../scripts/lib/root.ts';
import { NAMESPACE, NODE_PORT, RELEASE, RELEASE_WITHIN } from './limits.ts';

const VALUES = path.join(import.meta.dirname, 'values.yaml');
export const CHART = path.join(root, 'helm/nightjar');
export const CHART_BEFORE = path.join(import.meta.dirname, 'nightjar-0.1.0.tgz');

/** Of the present chart: what its images are tagged with. */
export async function chartVersion(): Promise<string> {
  const chart = await readFile(path.join(CHART, 'Chart.yaml'), 'utf8');
  const version = /^appVersion: "?([^"\n]+)"?$/m.exec(chart)?.[1];
  if (!version) throw new Error(`${CHART}/Chart.yaml has no appVersion`);
  return version;
}

/** What belongs to the release, wherever it is. */
const OURS = `app.kubernetes.io/instance=${RELEASE}`;

/** The platform in a cluster, as an operator handles it: by helm and kubectl alone. */
export class Release {
  /** The front door. */
  readonly origin: string;
  readonly #cluster: Cluster;
  readonly #helm: string;
  readonly #home: string;

  private constructor(cluster: Cluster, helm: string, home: string) {
    this.#cluster = cluster;
    this.#helm = helm;
    this.#home = home;
    this.origin = `http://${cluster.nodeAddress}:${NODE_PORT}`;
  }

  /** @param home where helm may keep what it likes */
  static async of(cluster: Cluster, home: string): Promise<Release> {
    return new Release(cluster, (await findEngine('helm')).program, home);
  }

  async install(chart: string): Promise<void> {
    await this.#run(['install', RELEASE, chart, '--create-namespace', ...this.#values()]);
  }

  async upgrade(chart: string): Promise<void> {
    await this.#run(['upgrade', RELEASE, chart, '--wait', '--timeout', RELEASE_WITHIN, ...this.#values()]);
  }

  /** To what was before the last upgrade. */
  async rollback(): Promise<void> {
    await this.#run(['rollback', RELEASE, '--wait', '--timeout', RELEASE_WITHIN]);
  }

  async uninstall(): Promise<void> {
    await this.#run(['uninstall', RELEASE, '--wait', '--timeout', RELEASE_WITHIN]);
  }

  /** The command that docs/operate/install.md and the chart's notes name: everything that was kept is gone. */
  async deleteData(): Promise<void> {
    await this.#cluster.kubectl(['-n', NAMESPACE, 'delete', 'secret,pvc', '-l', OURS]);
  }

  /** Names of what outlives the release: Secrets and claims of volumes. */
  async kept(): Promise<string[]> {
    const names = await this.#cluster.kubectl([
      '-n',
      NAMESPACE,
      'get',
      'secret,pvc',
      '-l',
      OURS,
      '-o',
      'name',
    ]);
    return names.split('\n').filter((name) => name !== '');
  }

  /** As the notes tell operators to. */
  async addBroadcaster(publicKey: string): Promise<void> {
    const operator = ['node', 'dist/operator.js', 'broadcaster', 'add', '--public-key', publicKey];
    await this.#cluster.kubectl(['-n', NAMESPACE, 'exec', `deploy/${RELEASE}-auth`, '--', ...operator]);
  }

  #values(): string[] {
    return ['--values', VALUES, '--set', `publicOrigin=${this.origin}`];
  }

  async #run(args: readonly string[]): Promise<void> {
    // It keeps a cache in its home.
    const env = { HOME: this.#home };
    await this.#cluster.run(this.#helm, ['--namespace', NAMESPACE, ...args], { env });
  }
}
