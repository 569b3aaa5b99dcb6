import {
  create,
  type DescMethodUnary,
  type DescService,
  fromBinary,
  type MessageInitShape,
  type MessageShape,
  toBinary,
} from '@bufbuild/protobuf';
import {
  headers,
  type Msg,
  type NatsConnection,
  NoRespondersError,
  PermissionViolationError,
  RequestError,
} from '@nats-io/transport-node';
import { rpcSubject } from '@nightjar/contracts/subjects';
import { commonProblem, HTTP_STATUS, Problem, type ProblemKind } from './problem.ts';
import { RPC_HEADERS, RPC_TIMEOUT_MS } from './rpc.ts';
import { currentTraceparent, inSpan, SpanKind } from './telemetry.ts';

export type RpcClient<S extends DescService> = {
  [K in keyof S['method']]: S['method'][K] extends DescMethodUnary<infer I, infer O>
    ? (request: MessageInitShape<I>, options?: { deadlineMs?: number }) => Promise<MessageShape<O>>
    : never;
};

/**
 * A client for one service: `client(nc, 'events', PaymentsService).tip({ … })`.
 * Throws Problem: the server's own, `unavailable` at once when nobody serves it, `deadline` when no answer came in time.
 */
export function client<S extends DescService>(nc: NatsConnection, caller: string, service: S): RpcClient<S> {
  const methods = service.methods.map((method) => [
    method.localName,
    (request: Record<string, unknown>, options: { deadlineMs?: number } = {}) =>
      call(nc, caller, method as DescMethodUnary, request, options),
  ]);
  return Object.fromEntries(methods) as RpcClient<S>;
}

async function call(
  nc: NatsConnection,
  caller: string,
  method: DescMethodUnary,
  request: Record<string, unknown>,
  options: { deadlineMs?: number },
) {
  const subject = rpcSubject(method);
  const deadlineMs = options.deadlineMs ?? Date.now() + RPC_TIMEOUT_MS;
  const timeout = deadlineMs - Date.now();
  if (timeout <= 0) throw commonProblem('deadline');
  return inSpan(subject, { kind: SpanKind.CLIENT }, async () => {
    const head = headers();
    head.set(RPC_HEADERS.deadline, String(deadlineMs));
    head.set(RPC_HEADERS.caller, caller);
    const traceparent = currentTraceparent();
    if (traceparent) head.set(RPC_HEADERS.trace, traceparent);
    const bytes = toBinary(method.input, create(method.input, request));
    let reply: Msg;
    try {
      reply = await nc.request(subject, bytes, { timeout, headers: head });
    } catch (error) {
      throw commonProblem(notAsked(error) || nc.isClosed() ? 'unavailable' : 'deadline', error);
    }
    const code = reply.headers?.get(RPC_HEADERS.errorCode);
    if (code) throw remoteProblem(code, reply);
    return fromBinary(method.output, reply.data);
  });
}

/** Whether the request reached nobody: nobody serves it, or we are not let. */
function notAsked(error: unknown): boolean {
  const why = error instanceof RequestError ? error.cause : error;
  return why instanceof NoRespondersError || why instanceof PermissionViolationError;
}

function remoteProblem(code: string, reply: Msg): Problem {
  const kind = reply.headers?.get(RPC_HEADERS.errorKind) ?? '';
  const text = reply.headers?.get(RPC_HEADERS.errorText) ?? '';
  return new Problem(
    kind in HTTP_STATUS ? (kind as ProblemKind) : 'internal',
    code,
    decodeURIComponent(text),
  );
}
