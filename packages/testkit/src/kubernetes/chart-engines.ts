import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { runLogged } from '../servers/command.ts';
import { type Engine, type FillTools, goBuild, need, pip } from '../servers/fill.ts';

export type ChartEngine = 'helm' | 'checkov';

/** The oldest Kubernetes that the chart promises to work with; its schemas are those that kubeconform compares with. */
export const OLDEST_KUBERNETES = '1.30.0';
const HELM = '3.22.0';

/** What Helm takes a cluster for, where it is asked for none. */
const LDFLAGS = ['chartutil', 'lint/rules']
  .map((name) => `helm.sh/helm/v3/pkg/${name}`)
  .map((name) => `-X ${name}.k8sVersionMajor=1 -X ${name}.k8sVersionMinor=33`)
  .join(' ');

/** What judges the chart. Nothing of it is taken from the PATH: it judges the same everywhere. */
export const chartEngines: Readonly<Record<ChartEngine, Engine>> = {
  helm: {
    title: 'Helm',
    // What follows the plus is ours: it counts the changes to kubeconform's release and to the schemas.
    version: `${HELM}+1`,
    programs: [],
    atLeast: [3, 17, 0],
    cached: 'bin/helm',
    howToGet: 'install Go 1.26 or later, and python3 with pip',
    async fill(folder, tools) {
      tools.say('  about 2 minutes, once');
      const packages = ['helm.sh/helm/v3/cmd/helm', 'github.com/yannh/kubeconform/cmd/kubeconform'];
      const ldflags = `${LDFLAGS} -X helm.sh/helm/v3/internal/version.version=v${HELM}`;
      await goBuild(folder, packages, { module: 'helm', ldflags }, tools);
      await bringSchemas(path.join(folder, 'schemas'), tools);
    },
  },
  checkov: {
    title: 'Checkov',
    version: '3.3.30',
    programs: [],
    atLeast: [3, 0, 0],
    cached: 'bin/checkov',
    howToGet: 'install python3 3.11 or later with pip and venv',
    async fill(folder, { logFile, pins, env, say }) {
      say('  about 3 minutes, once');
      const python = need('python3', env, 'it runs Checkov');
      // Its own pip would be one more thing to bring.
      await runLogged(python, ['-m', 'venv', '--without-pip', folder], { logFile });
      const own = path.join(folder, 'bin/python');
      const requirements = path.join(pins, 'checkov/requirements.txt');
      await runLogged(
        python,
        [
          ...['-m', 'pip', '--python', own, 'install', '--quiet', '--disable-pip-version-check'],
          ...['--no-deps', '--only-binary', ':all:', '--require-hashes', '-r', requirements],
        ],
        { logFile },
      );
      // Scripts of a virtual environment name its folder, and this one is about to be renamed. Isolated: else modules
      // of the folder that it is called in would come before its own.
      const program = path.join(folder, 'bin/checkov');
      await writeFile(program, '#!/bin/sh\nexec "$(dirname -- "$0")/python" -I -m checkov.main "$@"\n');
      await chmod(program, 0o755);
    },
  },
};

/** Strict schemas of the oldest Kubernetes, as kubeconform reads them: references are to files beside. */
async function bringSchemas(folder: string, tools: FillTools): Promise<void> {
  await pip('kubernetes-validate', tools);
  const from = path.join(
    tools.scratch,
    `kubernetes_validate/kubernetes-json-schema/v${OLDEST_KUBERNETES}-local-strict`,
  );
  await mkdir(folder);
  for (const name of await readdir(from)) {
    const text = await readFile(path.join(from, name), 'utf8');
    const { $id: _, ...schema } = JSON.parse(
      text.replaceAll('"/api/_definitions.json', '"_definitions.json'),
    ) as Record<string, unknown>;
    await writeFile(path.join(folder, name), JSON.stringify(schema));
  }
}
