import {
  create,
  type DescMethodUnary,
  type DescService,
  fromBinary,
  type MessageInitShape,
  type MessageShape,
  toBinary,
} from '@bufbuild/protobuf';
import { headers, type Msg, type NatsConnection } from '@nats-io/transport-node';
import { isInbox, rpcQueue, rpcSubject } from '@nightjar/contracts/subjects';
import type { Histogram } from '@opentelemetry/api';
import type { Log } from './log.ts';
import { commonProblem, toProblem } from './problem.ts';
import { isRepeated } from './repeated.ts';
import { RPC_HEADERS, RPC_IN_FLIGHT_MAX } from './rpc.ts';
import { contextFrom, inSpan, meter, SpanKind } from './telemetry.ts';

export type RpcHandlers<S extends DescService> = {
  [K in keyof S['method']]: S['method'][K] extends DescMethodUnary<infer I, infer O>
    ? (request: MessageShape<I>, call: { deadlineMs: number; caller: string }) => Promise<MessageInitShape<O>>
    : never;
};

/**
 * Serves all methods of a service in its queue group. Disposing stops taking requests and lets those under way finish.
 * A request past its deadline is dropped: its caller has given up and would only be confused.
 */
export function serve<S extends DescService>(
  nc: NatsConnection,
  service: S,
  handlers: RpcHandlers<S>,
  log: Log,
): AsyncDisposable {
  const underWay = new Set<Promise<void>>();
  const took = meter().createHistogram('nightjar_rpc_ms', { description: 'RPCs served, by method and code' });
  const subscriptions = service.methods.map((descriptor) => {
    const method = descriptor as DescMethodUnary;
    const handler = handlers[method.localName as keyof S['method']] as (
      request: unknown,
      call: object,
    ) => Promise<Record<string, unknown>>;
    const subject = rpcSubject(method);
    return nc.subscribe(subject, {
      queue: rpcQueue(service),
      callback: (error, message) => {
        if (error || !isAsked(message)) return;
        if (underWay.size >= RPC_IN_FLIGHT_MAX) {
          respondProblem(message, commonProblem('overloaded'));
          return;
        }
        const work = answer(method, handler, message, log, took).finally(() => underWay.delete(work));
        underWay.add(work);
      },
    });
  });
  return {
    async [Symbol.asyncDispose]() {
      if (!nc.isClosed()) await Promise.allSettled(subscriptions.map((subscription) => subscription.drain()));
      await Promise.allSettled(underWay);
    },
  };
}

/** Neither have we anybody's words repeated to us by JetStream, nor are we made to say ours where no answer is waited for. */
function isAsked({ reply, headers: head }: Msg): boolean {
  return reply !== undefined && isInbox(reply) && !isRepeated(head);
}

async function answer(
  method: DescMethodUnary,
  handler: (request: unknown, call: object) => Promise<Record<string, unknown>>,
  message: Msg,
  log: Log,
  took: Histogram,
): Promise<void> {
  const began = performance.now();
  let code = 'ok';
  const deadlineMs = Number(message.headers?.get(RPC_HEADERS.deadline));
  if (!(deadlineMs > Date.now())) return;
  const parent = contextFrom(message.headers?.get(RPC_HEADERS.trace));
  const caller = message.headers?.get(RPC_HEADERS.caller) ?? '';
  try {
    await inSpan(message.subject, { kind: SpanKind.SERVER, parent }, async () => {
      const request = fromBinary(method.input, message.data);
      const response = await handler(request, { deadlineMs, caller });
      message.respond(toBinary(method.output, create(method.output, response)));
    });
  } catch (error) {
    const problem = toProblem(error);
    code = problem.code;
    if (problem.kind === 'internal') log.error('rpc_failed', { method: message.subject, error });
    respondProblem(message, problem);
  }
  took.record(performance.now() - began, { method: message.subject, code });
}

function respondProblem(message: Msg, problem: ReturnType<typeof toProblem>): void {
  const head = headers();
  head.set(RPC_HEADERS.errorCode, problem.code);
  head.set(RPC_HEADERS.errorKind, problem.kind);
  // Header values are ASCII on the wire.
  head.set(RPC_HEADERS.errorText, encodeURIComponent(problem.message));
  message.respond(new Uint8Array(), { headers: head });
}
