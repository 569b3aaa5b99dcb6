import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { RunningServer } from '../servers/running-server.ts';
import { writeKubeconfig } from './certificates.ts';
import { SERVICE_RANGE, startPart } from './control-plane.ts';
import type { Surroundings } from './node.ts';
import { kubeletConfig, NODE, proxyConfig } from './node-settings.ts';
import { runToEnd } from './run.ts';

const OPEN_FILES_MAX = 1_000_000;

/** What gives pods to the node, runs them there, and leads service addresses to them. */
export async function startNodeParts(
  around: Surroundings & { readonly bin: string; readonly cgroup: string; readonly apiUrl: string },
): Promise<AsyncDisposable> {
  const { node, paths } = around;
  const kubeconfig = (name: string) => writeKubeconfig(paths.certificates, name, around.apiUrl);
  const kubelet = kubeletConfig({ cgroup: around.cgroup, paths, openFilesMax: openFilesMax() });
  await writeFile(paths.kubeletConfig, JSON.stringify(kubelet));
  await writeFile(paths.proxyConfig, JSON.stringify(proxyConfig(await kubeconfig('proxy'))));
  const parts = [
    {
      name: 'kube-scheduler',
      within: node.inNetwork,
      args: [
        ...['--kubeconfig', await kubeconfig('scheduler')],
        ...['--bind-address', '127.0.0.1', '--secure-port', '0', '--leader-elect=false'],
      ],
    },
    {
      name: 'kube-proxy',
      within: node.inside,
      args: ['--config', paths.proxyConfig, '--hostname-override', NODE.name],
    },
    {
      name: 'kubelet',
      within: node.inside,
      args: [
        ...['--config', paths.kubeletConfig, '--kubeconfig', await kubeconfig('kubelet')],
        ...['--hostname-override', NODE.name, '--node-ip', NODE.address],
      ],
    },
  ];
  await using stack = new AsyncDisposableStack();
  for (const { name, within, args } of parts) {
    // Whether they are ready is seen by what the API says of the node.
    const part = { name, program: path.join(around.bin, name), args, ask: async () => {} };
    stack.use(await startPart({ ...around, folder: paths.folder, within }, part));
  }
  return stack.move();
}

/** What makes network policies hold, by the node's packet filter. It wants to find its node, so this comes last. */
export function startPolicies(
  around: Surroundings,
  program: string,
  kubeconfig: string,
): Promise<RunningServer> {
  const { node, paths } = around;
  return startPart(
    { ...around, folder: paths.folder, within: node.inside },
    {
      name: 'kube-router',
      program,
      args: [
        // Routes and services are others' work here.
        ...['--run-firewall=true', '--run-router=false', '--run-service-proxy=false', '--enable-cni=false'],
        ...['--kubeconfig', kubeconfig, '--hostname-override', NODE.name],
        ...['--service-cluster-ip-range', SERVICE_RANGE, '--health-port', '0'],
      ],
      // Its first rules, from where those of each pod are reached.
      ask: () => runToEnd('iptables', ['-S', 'KUBE-ROUTER-FORWARD'], { within: node.inside }),
    },
  );
}

function openFilesMax(): number {
  const hard = /^Max open files\s+\S+\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
  return Math.min(OPEN_FILES_MAX, Number(hard ?? OPEN_FILES_MAX));
}
