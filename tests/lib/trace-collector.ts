import { once } from 'node:events';
import { createServer } from 'node:http';

export interface CollectedSpan {
  readonly service: string;
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly attributes: readonly { readonly key: string; readonly value: unknown }[];
}

/** Receives what services export by OTLP over HTTP, as a collector of an operator does. */
export async function startTraceCollector(): Promise<
  AsyncDisposable & { url: string; spans: CollectedSpan[] }
> {
  const spans: CollectedSpan[] = [];
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const body = JSON.parse(Buffer.concat(parts).toString()) as OtlpTraces;
    for (const { resource, scopeSpans } of body.resourceSpans) {
      const named = resource.attributes.find(({ key }) => key === 'service.name');
      for (const span of scopeSpans.flatMap((scope) => scope.spans)) {
        spans.push({
          ...span,
          service: named?.value.stringValue ?? '',
          parentSpanId: span.parentSpanId ?? '',
          attributes: span.attributes ?? [],
        });
      }
    }
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/v1/traces`,
    spans,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}

interface OtlpTraces {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly { key: string; value: { stringValue?: string } }[] };
    readonly scopeSpans: readonly {
      readonly spans: readonly (Omit<CollectedSpan, 'service' | 'parentSpanId' | 'attributes'> & {
        readonly parentSpanId?: string;
        readonly attributes?: CollectedSpan['attributes'];
      })[];
    }[];
  }[];
}
