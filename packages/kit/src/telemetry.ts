import {
  type Attributes,
  type Context,
  context,
  metrics,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';

export interface Telemetry extends AsyncDisposable {
  /** Serves the metrics in Prometheus' text form. */
  readonly metricsHandler: PrometheusExporter['getMetricsRequestHandler'];
}

const EXPORT_EVERY_MS = 500;

/** Sets up traces and metrics for the process. Without an OTLP address traces are still made, so that logs carry their ids. */
export function startTelemetry(service: string, otlpUrl: string): Telemetry {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  const resource = resourceFromAttributes({ 'service.name': `nightjar-${service}` });
  const tracers = new TracerProvider({
    resource,
    spanProcessors: otlpUrl
      ? [
          new BatchSpanProcessor({
            exporter: new OTLPTraceExporter({ url: otlpUrl }),
            scheduledDelayMillis: EXPORT_EVERY_MS,
          }),
        ]
      : [],
  });
  trace.setGlobalTracerProvider(tracers);
  const exporter = new PrometheusExporter({ preventServerStart: true });
  const meters = new MeterProvider({ resource, readers: [exporter] });
  metrics.setGlobalMeterProvider(meters);
  return {
    metricsHandler: exporter.getMetricsRequestHandler.bind(exporter),
    async [Symbol.asyncDispose]() {
      await Promise.allSettled([tracers.shutdown(), meters.shutdown()]);
    },
  };
}

const tracer = () => trace.getTracer('nightjar');
export const meter = () => metrics.getMeter('nightjar');

/** Runs `work` in a span, which ends with it and carries its failure. Attributes follow the log's rule: nobody is named. */
export async function inSpan<T>(
  name: string,
  options: { kind?: SpanKind; parent?: Context; attributes?: Attributes },
  work: () => Promise<T>,
): Promise<T> {
  const parent = options.parent ?? context.active();
  const span = tracer().startSpan(
    name,
    {
      kind: options.kind ?? SpanKind.INTERNAL,
      ...(options.attributes ? { attributes: options.attributes } : {}),
    },
    parent,
  );
  try {
    return await context.with(trace.setSpan(parent, span), work);
  } catch (error) {
    span.setStatus({ code: SpanStatusCode.ERROR });
    throw error;
  } finally {
    span.end();
  }
}

/** The W3C `traceparent` of what runs now; undefined outside of any span. */
export function currentTraceparent(): string | undefined {
  const carrier: { traceparent?: string } = {};
  propagation.inject(context.active(), carrier);
  return carrier.traceparent;
}

/** The context that a `traceparent` from outside names. */
export function contextFrom(traceparent: string | undefined): Context {
  return traceparent ? propagation.extract(ROOT_CONTEXT, { traceparent }) : ROOT_CONTEXT;
}

export { SpanKind };
