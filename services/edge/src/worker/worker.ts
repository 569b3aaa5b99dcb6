import { parsePolicyKeyRing } from '@nightjar/fence/policy-key-ring';
import { trustedHops } from '@nightjar/kit/client-address';
import { FACTS_HEADER, type FactsSigner, factsSigner, signFacts } from '@nightjar/kit/signed-facts';
import type { Env } from './env.ts';
import { type From, factsOf, fenceFacts, type Platform } from './facts.ts';
import { Fence, type FenceSource } from './fence.ts';
import { mediaRequest, mediaToken, notAdmitted } from './gate.ts';
import {
  commonHeaders,
  fileHeaders,
  INERT_POLICY,
  type Origin,
  originOf,
  pageHeaders,
  towardService,
  towardSocket,
} from './headers.ts';
import { ANSWER_MS_MAX, GATE_MS_MAX, POLICY_WAIT_MS_MAX } from './limits.ts';
import { type FileAnswer, readFile } from './pages.ts';
import { problem } from './problems.ts';
import { type PageName, type Route, routeOf, withoutRoom } from './routes.ts';
import { askUpstream } from './upstream.ts';

type Passed = 'service' | 'socket' | 'media';

/** One request, and what everything about it needs. */
interface Call {
  readonly request: Request;
  readonly url: URL;
  readonly env: Env;
  readonly later: (work: Promise<unknown>) => void;
}

// biome-ignore lint/style/noDefaultExport: a Worker is its module's default export
export default {
  async fetch(request: Request, env: Env, context: ExecutionContext): Promise<Response> {
    const url = new URL(request.url);
    const origin = originOf(url, env.EDGE.publicOrigin);
    const call = { request, url, env, later: (work: Promise<unknown>) => context.waitUntil(work) };
    const route = routeOf(url.pathname);
    if (route.to === 'service' || route.to === 'socket' || route.to === 'media') {
      // What a failure says may have an address in it, and its place is known: nothing of it is written down.
      const answer = await pass(call, route).catch(() => problem('unavailable'));
      return answer.webSocket ? answer : dressed(answer, origin, { 'content-security-policy': INERT_POLICY });
    }
    return await own(call, route, origin).catch(() =>
      dressed(problem('unavailable'), origin, { 'content-security-policy': INERT_POLICY }),
    );
  },
} satisfies ExportedHandler<Env>;

/** What the edge answers itself: pages, files, and that there is nothing. */
async function own(
  { request, env }: Call,
  route: Exclude<Route, { to: Passed }>,
  origin: Origin,
): Promise<Response> {
  const inert = { 'content-security-policy': INERT_POLICY };
  if (route.to === 'nothing') return dressed(problem('not_found'), origin, inert);
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return dressed(problem('method_not_allowed'), origin, { ...inert, allow: 'GET, HEAD' });
  if (route.to === 'site') {
    const site = Response.json(env.EDGE.site, { headers: { 'cache-control': 'no-cache' } });
    return dressed(site, origin, inert);
  }
  if (route.to === 'file') {
    const file = await readFile(env, { ...route, method: request.method, headers: request.headers });
    if (!file) return dressed(problem('not_found'), origin, inert);
    const cache = route.lasting ? 'public, max-age=31536000, immutable' : 'public, max-age=3600';
    return asFile(file, 200, {
      ...commonHeaders(origin),
      ...fileHeaders(route.path, origin),
      'cache-control': cache,
    });
  }
  return await page({ request, env }, route.page, route.found ? 200 : 404, origin);
}

async function page(
  { request, env }: Pick<Call, 'request' | 'env'>,
  name: PageName,
  status: 200 | 404,
  origin: Origin,
): Promise<Response> {
  const wanted = new Headers(request.headers);
  // What is not found is said in full each time.
  if (status === 404) wanted.delete('if-none-match');
  const path = `/${name}.html`;
  const file = await readFile(env, { path, lasting: false, method: request.method, headers: wanted });
  if (!file) throw new Error('pages without this page');
  const headers = { ...commonHeaders(origin), ...pageHeaders(name, origin), 'cache-control': 'no-cache' };
  return asFile(file, status, headers);
}

function asFile(file: FileAnswer, status: 200 | 404, headers: Record<string, string>): Response {
  return new Response(file.body, {
    status: file.status === 304 ? 304 : status,
    headers: { ...file.headers, ...headers },
    // The bytes are compressed already.
    encodeBody: 'manual',
  });
}

function dressed(answer: Response, origin: Origin, more: Record<string, string>): Response {
  const headers = new Headers(answer.headers);
  for (const [name, value] of Object.entries({ ...commonHeaders(origin), ...more })) headers.set(name, value);
  return new Response(answer.body, { status: answer.status, headers });
}

/** What others answer: a service, or LiveKit when rooms lets the client in. */
async function pass(call: Call, route: Extract<Route, { to: Passed }>): Promise<Response> {
  const { request, url, env } = call;
  const facts = factsOf(request.headers, request.cf as Platform | undefined, fromOf(env));
  if (!facts) return problem('unavailable');
  const said = await signFacts(facts, await signerOf(env), Date.now());
  if (route.to === 'media') return await throughGate(call, said);
  const headers = route.to === 'socket' ? towardSocket(request.headers) : towardService(request.headers);
  headers.set(FACTS_HEADER, said);
  if (route.to === 'socket') return await askUpstream(env, 'events', url.pathname, { headers });
  const refused =
    route.room !== undefined &&
    // Who shows an access token may be the room's owner, whom her own fence does not hold. That is for the service to see.
    !request.headers.has('authorization') &&
    (await fenceOf(env).refuses(route.room, fenceFacts(facts), sourceOf(call, said), Date.now()));
  const path = refused ? withoutRoom(url.pathname) : url.pathname;
  return await askUpstream(env, route.service, `${path}${url.search}`, {
    method: request.method,
    headers,
    body: request.body,
    signal: AbortSignal.timeout(ANSWER_MS_MAX),
  });
}

async function throughGate({ request, url, env }: Call, said: string): Promise<Response> {
  if (request.method !== 'GET') return problem('method_not_allowed');
  const token = mediaToken(request.headers, url.searchParams);
  if (!token) return notAdmitted();
  const admission = await askUpstream(env, 'rooms', '/edge/v1/media-admissions', {
    method: 'POST',
    headers: { 'content-type': 'application/json', [FACTS_HEADER]: said },
    body: JSON.stringify({ accessToken: token }),
    signal: AbortSignal.timeout(GATE_MS_MAX),
  });
  await admission.body?.cancel();
  if (admission.status >= 500) return problem('unavailable');
  if (admission.status !== 204) return notAdmitted();
  const { target, headers } = mediaRequest(url, towardSocket(request.headers), token);
  return await askUpstream(env, 'livekit', target, { headers });
}

function sourceOf({ env, later }: Call, said: string): FenceSource {
  const ask = (service: 'rooms' | 'geofence', path: string) =>
    askUpstream(env, service, path, {
      headers: { [FACTS_HEADER]: said },
      signal: AbortSignal.timeout(POLICY_WAIT_MS_MAX),
    });
  return {
    later,
    async ask(roomId) {
      const answer = await ask('geofence', `/edge/v1/policies/${roomId}`);
      if (answer.status === 200) return new Uint8Array(await answer.arrayBuffer());
      await answer.body?.cancel();
      return undefined;
    },
    async roomOf(slug) {
      const answer = await ask('rooms', `/edge/v1/rooms/${slug}`);
      if (answer.status === 200) return (await answer.json<{ roomId: string }>()).roomId;
      await answer.body?.cancel();
      return answer.status === 404 ? null : undefined;
    },
  };
}

// An isolate's: made from settings that never change while it lives.
let signer: Promise<FactsSigner> | undefined;
let fence: Fence | undefined;
let from: From | undefined;

function signerOf(env: Env): Promise<FactsSigner> {
  signer ??= factsSigner(env.FACTS_KEY);
  return signer;
}

function fenceOf(env: Env): Fence {
  fence ??= new Fence(parsePolicyKeyRing(env.EDGE.fencePublicKeys));
  return fence;
}

function fromOf({ EDGE }: Env): From {
  from ??= { ...EDGE, hops: trustedHops(EDGE.trustedHops) };
  return from;
}
