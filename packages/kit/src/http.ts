import swagger from '@fastify/swagger';
import { type TypeBoxTypeProvider, TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox';
import {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  fastify,
  type RawReplyDefaultExpression,
  type RawRequestDefaultExpression,
  type RawServerDefault,
} from 'fastify';
import { Type } from 'typebox';
import { clientAddress, trustedHops as readHops } from './client-address.ts';
import type { Log } from './log.ts';
import { commonProblem, HTTP_STATUS, type Problem, toProblem } from './problem.ts';
import { type ConnectionFacts, FACTS_HEADER, factsKeys, readFacts } from './signed-facts.ts';
import { contextFrom, inSpan, meter, SpanKind } from './telemetry.ts';

const BODY_BYTES_MAX = 64 * 1024;
const REQUEST_MS_MAX = 10_000;

export type Http = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

declare module 'fastify' {
  interface FastifyRequest {
    /** The client's address as the edge or a trusted hop told it. It lives as long as the request and is written down nowhere. */
    clientAddress: string;
    /** What the edge says of the connection; undefined for one that did not come through an edge. */
    facts: ConnectionFacts | undefined;
  }

  /** Swagger's own, said again because whoever imports this file does not import that. */
  interface FastifySchema {
    /** Not in the OpenAPI document. */
    hide?: boolean;
  }
}

/** An RFC 9457 problem, as every error of /v1 looks. */
export const ProblemSchema = Type.Object(
  {
    type: Type.String({ description: 'urn:nightjar:problem: and the code' }),
    title: Type.String({ description: 'what happened and what to do, for people' }),
    status: Type.Integer(),
    code: Type.String({ description: 'stable; see docs/reference/errors.md' }),
    retry: Type.Boolean({ description: 'whether the same request may succeed later' }),
  },
  { $id: 'Problem' },
);

/** For operations with `security: [{ accessToken: [] }]`. */
const ACCESS_TOKEN_SCHEME = {
  type: 'http',
  scheme: 'bearer',
  bearerFormat: 'JWT',
  description: 'an access token for this service, from POST /v1/auth/access-tokens',
} as const;

/** Whose word on a connection is believed. */
export interface Hops {
  /** Addresses and ranges. */
  readonly trustedHops: readonly string[];
  /** The text of the file of edges' public keys. Without one no facts are believed, and nothing under `/edge/` is there. */
  readonly edgePublicKeys?: string;
}

export const NO_HOPS: Hops = { trustedHops: [] };

export interface HttpOptions extends Hops {
  readonly service: string;
  readonly log: Log;
}

/** Paths for the edge alone, which passes none of them on. */
const EDGE_ONLY = /^\/edge(\/|$)/;

/** The public side of a service: validation by typebox, problems by RFC 9457, traces, a log line without query or address. */
export async function createHttp({
  service,
  log,
  trustedHops,
  edgePublicKeys = '',
}: HttpOptions): Promise<Http> {
  const app = fastify({
    logger: false,
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: REQUEST_MS_MAX,
    // A drain ends connections after their current answer.
    forceCloseConnections: 'idle',
  }).withTypeProvider<TypeBoxTypeProvider>();
  app.setValidatorCompiler(TypeBoxValidatorCompiler);
  app.addSchema(ProblemSchema);
  const hops = readHops(trustedHops);
  app.decorateRequest('clientAddress', '');
  app.decorateRequest('facts', undefined);
  const edges = factsKeys(edgePublicKeys);
  app.addHook('onRequest', async (request) => {
    const { [FACTS_HEADER]: said, 'x-forwarded-for': forwardedFor } = request.headers;
    request.clientAddress = clientAddress(request.ip, forwardedFor, hops);
    if (said !== undefined && edges.size > 0) {
      request.facts = await readFacts(String(said), edges, Date.now());
      if (!request.facts) throw commonProblem('facts_invalid');
      request.clientAddress = request.facts.address;
    }
    delete request.headers[FACTS_HEADER];
    if (!request.facts && EDGE_ONLY.test(request.url)) throw commonProblem('not_found');
  });
  const took = meter().createHistogram('nightjar_http_ms', {
    description: 'requests answered, by route and status',
  });
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'unknown';
    took.record(reply.elapsedTime, { method: request.method, route, status: reply.statusCode });
    log.info('request', {
      method: request.method,
      route,
      status: reply.statusCode,
      durationMs: Math.round(reply.elapsedTime * 10) / 10,
    });
  });
  app.setErrorHandler((error, request, reply) => {
    const problem = fromHttpError(error);
    if (problem.kind === 'internal')
      log.error('request_failed', { method: request.method, route: request.routeOptions.url ?? '', error });
    return sendProblem(reply, problem);
  });
  app.setNotFoundHandler((_request, reply) => sendProblem(reply, commonProblem('not_found')));
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: `Nightjar ${service}`, version: '1' },
      components: { securitySchemes: { accessToken: ACCESS_TOKEN_SCHEME } },
    },
    refResolver: {
      buildLocalReference: (json, _base, _fragment, i) =>
        typeof json.$id === 'string' ? json.$id : `def-${i}`,
    },
  });
  traceRequests(app);
  return app;
}

/** Wraps each handler in a span, so that what it calls belongs to the caller's trace. */
function traceRequests(app: Http): void {
  app.addHook('onRoute', (route) => {
    const handler = route.handler;
    if ('websocket' in route && route.websocket) return;
    route.handler = function traced(request: FastifyRequest, reply: FastifyReply) {
      const header = request.headers.traceparent;
      const parent = contextFrom(typeof header === 'string' ? header : undefined);
      return inSpan(`${request.method} ${route.url}`, { kind: SpanKind.SERVER, parent }, async () =>
        handler.call(this, request, reply),
      );
    };
  });
}

function fromHttpError(error: unknown): Problem {
  const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500;
  if (status === 413) return commonProblem('body_too_large', error);
  if (status >= 400 && status < 500 && error instanceof Error && !('kind' in error))
    return commonProblem('malformed_request', error);
  return toProblem(error);
}

export function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  const status = HTTP_STATUS[problem.kind];
  return reply
    .code(status)
    .header('cache-control', 'no-store')
    .type('application/problem+json')
    .send(
      JSON.stringify({
        type: `urn:nightjar:problem:${problem.code}`,
        title: problem.message,
        status,
        code: problem.code,
        retry: problem.retry,
      }),
    );
}
