import { CHART, helm, valuesFile } from './render.ts';
import { VARIANTS } from './variants.ts';

/** Values that must be refused, and what must be said. */
const WRONG: readonly { readonly set: readonly string[]; readonly says: RegExp }[] = [
  { set: ['publicOrign=https://live.example'], says: /publicOrign/ },
  { set: ['services.auth.replcas=3'], says: /replcas/ },
  { set: ['quickstart.postgres.storag=1Gi'], says: /storag/ },
  { set: ['image.tag=latest'], says: /tag/ },
  { set: ['services.auth.env.PATH=/bin'], says: /PATH/ },
  { set: ['gateway.enabled=true', 'gateway.parentRefs[0].name=x', 'ingress.enabled=true'], says: /not/ },
  { set: ['publicOrigin='], says: /publicOrigin is not set.*--set publicOrigin=https/s },
  {
    set: ['quickstart.enabled=false'],
    says: /no address for: .*livekit\.url.*--set quickstart\.enabled=true/s,
  },
  { set: ['postgres.server=postgres://db:5432/nightjar'], says: /postgres\.adminSecret\.name/ },
  { set: ['redis.server=rediss://cache:6380'], says: /whole URL.*redis\.secret\.name/s },
  {
    set: ['postgres.adminSecret.name=own'],
    says: /Set postgres\.server.*or leave postgres\.adminSecret out/s,
  },
  { set: ['redis.secret.name=own'], says: /Set redis\.server.*or leave redis\.secret out/s },
  { set: ['secrets.create=false'], says: /demo's key.*demo\.enabled=false/s },
  {
    set: ['secrets.create=false', 'demo.enabled=false', 'redis.server=redis://own:6379'],
    says: /livekit\.url, nats\.server, postgres\.server\), or secrets\.create=true.*secrets\.given/s,
  },
  { set: ['cloudflare.enabled=true', 'cloudflare.tunnel.podLabels.app=tunnel'], says: /demo\.enabled=false/ },
];

/** Lints the chart with each set of values. Throws what Helm says against it. */
export async function lint(): Promise<void> {
  for (const variant of VARIANTS)
    await helm(['lint', '--strict', '--quiet', CHART, '--values', valuesFile(variant)]);
}

/** Values that are misspelt, or do not go together. @returns what is wrong: what was taken, or refused without the way out */
export async function faultsOfWrongValues(): Promise<string[]> {
  const [first] = VARIANTS;
  const results = await Promise.all(
    WRONG.map(async ({ set, says }) => {
      const args = ['template', 'x', CHART, '--values', valuesFile(first as (typeof VARIANTS)[number])];
      const said = await helm([...args, ...set.flatMap((each) => ['--set', each])]).then(
        () => undefined,
        (error: unknown) => String(error),
      );
      if (said === undefined) return [`taken, but wrong: --set ${set.join(' --set ')}`];
      return says.test(said) ? [] : [`--set ${set.join(' --set ')} is refused in other words:\n${said}`];
    }),
  );
  return results.flat();
}

export const WRONG_VALUES = WRONG.length;
