import { digest64 } from "../base/digest.ts";

/** A span of a run, before it has ids. */
export interface TraceSpan {
  /** Names it within the run; its id is made of it. */
  readonly path: string;
  /** The path of its parent; undefined for the root. */
  readonly parent: string | undefined;
  /** The resource that it belongs to: a process, or the run itself. */
  readonly service: string;
  readonly name: string;
  readonly kind: "internal" | "client";
  readonly startUs: number;
  readonly endUs: number;
  readonly attributes: Attributes;
  readonly events: readonly TraceSpanEvent[];
  /** Why it is an error; undefined when it is none. */
  readonly error: string | undefined;
}

export interface TraceSpanEvent {
  readonly atUs: number;
  readonly name: string;
  readonly attributes: Attributes;
}

/** Whole numbers and text alone. */
export type Attributes = Readonly<Record<string, string | number>>;

export interface OtlpInput {
  /** Of the history: the ids are made of it, so that the same run gives the same trace. */
  readonly historyHash: string;
  /** The wall clock at the start of the run. */
  readonly startMs: number;
  readonly version: string;
  readonly spans: readonly TraceSpan[];
}

/**
 * Spans as OTLP/JSON, as an OpenTelemetry collector takes them at `/v1/traces` or from a file.
 *
 * Source: opentelemetry-proto, JSON mapping: ids are hexadecimal, 64-bit integers are decimal text, enumerations numbers.
 */
export function otlpTrace({ historyHash, startMs, version, spans }: OtlpInput): string {
  const traceId = digest64(`${historyHash} trace, first`) + digest64(`${historyHash} trace, second`);
  const idOf = (path: string): string => digest64(`${traceId} ${path}`);
  const nanos = (us: number): string => String(BigInt(startMs) * 1_000_000n + BigInt(us) * 1_000n);
  const services = [...new Set(spans.map(({ service }) => service))];
  const resourceSpans = services.map((service) => ({
    resource: { attributes: attributeList({ "service.name": service, "service.namespace": "stormlane" }) },
    scopeSpans: [
      {
        scope: { name: "stormlane", version },
        spans: spans
          .filter((span) => span.service === service)
          .map((span) => ({
            traceId,
            spanId: idOf(span.path),
            ...(span.parent === undefined ? {} : { parentSpanId: idOf(span.parent) }),
            name: span.name,
            kind: span.kind === "client" ? spanKindClient : spanKindInternal,
            startTimeUnixNano: nanos(span.startUs),
            endTimeUnixNano: nanos(span.endUs),
            attributes: attributeList(span.attributes),
            events: span.events.map(({ atUs, name, attributes }) => ({
              timeUnixNano: nanos(atUs),
              name,
              attributes: attributeList(attributes),
            })),
            status: span.error === undefined ? {} : { code: statusError, message: span.error },
          })),
      },
    ],
  }));
  return `${JSON.stringify({ resourceSpans })}\n`;
}

function attributeList(attributes: Attributes): object[] {
  return Object.entries(attributes).map(([key, value]) => ({
    key,
    value: typeof value === "number" ? { intValue: String(value) } : { stringValue: value },
  }));
}

const spanKindInternal = 1;
const spanKindClient = 3;
const statusError = 2;
