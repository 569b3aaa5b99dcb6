/** What the engine says of a container; the part that is looked at. */
export interface Inspected {
  readonly State: {
    readonly Status: string;
    readonly ExitCode: number;
    readonly Health?: { readonly Status: string };
  };
  readonly Config: { readonly User: string; readonly Labels: Readonly<Record<string, string>> };
  readonly HostConfig: {
    readonly ReadonlyRootfs: boolean;
    readonly Privileged: boolean;
    readonly CapDrop: readonly string[] | null;
    readonly CapAdd: readonly string[] | null;
    readonly SecurityOpt: readonly string[] | null;
    readonly Memory: number;
    readonly PidsLimit: number | null;
    readonly PortBindings: Readonly<Record<string, readonly { readonly HostIp: string }[]>> | null;
  };
  readonly Mounts: readonly {
    readonly Type: string;
    readonly Name?: string;
    readonly Destination: string;
    readonly RW: boolean;
  }[];
}

const PUBLISHED: Readonly<Record<string, readonly string[]>> = { edge: ['8080/tcp'], livekit: ['7882/udp'] };
/** It gives new volumes to everybody's user, and ends. */
const GIVES_VOLUMES = 'volumes';
const SEE_ALL_SECRETS = [GIVES_VOLUMES, 'secrets'];
/** Runs with another's secrets: it is a program of that one, or it is for it. */
const OTHERS_SECRETS: Readonly<Record<string, readonly string[]>> = {
  'migrate-auth': ['auth'],
  'migrate-rooms': ['rooms'],
  'migrate-payments': ['payments'],
  'migrate-geofence': ['geofence'],
  'setup-postgres': ['setup'],
  'setup-streams': ['setup'],
  'postgres-first': ['postgres'],
  'demo-broadcaster': ['auth', 'demo'],
};
const MAY_WRITE: Readonly<Record<string, readonly string[]>> = {
  'postgres-first': ['postgres-data'],
  postgres: ['postgres-data'],
  nats: ['nats-data'],
};

/** Nobody has more rights, ports or secrets than it needs; whatever runs once has ended well, all else is up. */
export function judgeContainers(containers: readonly Inspected[]): string[] {
  return containers.flatMap((container) => {
    const name = container.Config.Labels['com.docker.compose.service'] ?? '';
    return [...rights(name, container), ...secretsAndPorts(name, container), ...life(container)].map(
      (fault) => `${name} ${fault}`,
    );
  });
}

function rights(name: string, { Config: config, HostConfig: host }: Inspected): string[] {
  const root = name === GIVES_VOLUMES;
  const added = (host.CapAdd ?? []).map((each) => each.replace(/^CAP_/, ''));
  return [
    ...(config.User === (root ? '0:0' : '65532:65532') ? [] : [`runs as ${config.User}`]),
    ...(host.ReadonlyRootfs ? [] : ['can change its own files']),
    ...(host.Privileged ? ['is privileged'] : []),
    ...((host.CapDrop ?? []).includes('ALL') ? [] : ['keeps capabilities']),
    ...(added.join() === (root ? 'CHOWN' : '') ? [] : [`has ${added.join()}`]),
    ...((host.SecurityOpt ?? []).some((each) => /^no-new-privileges(:true)?$/.test(each))
      ? []
      : ['may become another user']),
    ...(host.Memory > 0 && (host.PidsLimit ?? 0) > 0 ? [] : ['has no limits']),
  ];
}

function secretsAndPorts(name: string, { HostConfig: host, Mounts: mounts }: Inspected): string[] {
  const volumes = mounts
    .filter(({ Type: type }) => type === 'volume')
    .map((mount) => ({ ...mount, volume: (mount.Name ?? '').replace(/^nightjar_/, '') }));
  const own = OTHERS_SECRETS[name] ?? [name];
  const seen = volumes.flatMap(
    ({ volume }) => /^(.+)-secrets$/.exec(volume)?.[1] ?? (volume === 'generated' ? ['the vault'] : []),
  );
  const written = volumes.filter(({ RW: writable }) => writable).map(({ volume }) => volume);
  const ports = Object.entries(host.PortBindings ?? {});
  return [
    ...(SEE_ALL_SECRETS.includes(name)
      ? []
      : seen.filter((each) => !own.includes(each)).map((each) => `sees the secrets of ${each}`)),
    ...(SEE_ALL_SECRETS.includes(name)
      ? []
      : written.filter((each) => !(MAY_WRITE[name] ?? []).includes(each)).map((each) => `may write ${each}`)),
    ...ports.filter(([port]) => !(PUBLISHED[name] ?? []).includes(port)).map(([port]) => `publishes ${port}`),
    ...ports
      .flatMap(([, bindings]) => bindings)
      .filter(({ HostIp: address }) => address !== '127.0.0.1')
      .map(({ HostIp: address }) => `is published at ${address}`),
  ];
}

function life({ State: state }: Inspected): string[] {
  if (state.Status === 'exited') return state.ExitCode === 0 ? [] : [`ended with ${state.ExitCode}`];
  if (state.Status !== 'running') return [`is ${state.Status}`];
  return state.Health && state.Health.Status !== 'healthy' ? [`is ${state.Health.Status}`] : [];
}
