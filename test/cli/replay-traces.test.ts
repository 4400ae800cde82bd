import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import { runCommand, temporaryFolder } from "./run-command.ts";

/** After the JSON mapping of opentelemetry-proto; strict, for a receiver may refuse what it does not know. */
const nanos = z.string().regex(/^[1-9]\d{18}$/);
const attributes = z.array(
  z.strictObject({
    key: z.string().min(1),
    value: z.union([
      z.strictObject({ stringValue: z.string() }),
      z.strictObject({ intValue: z.string().regex(/^-?\d+$/) }),
    ]),
  }),
);
const spanSchema = z.strictObject({
  traceId: z.string().regex(/^[0-9a-f]{32}$/),
  spanId: z.string().regex(/^[0-9a-f]{16}$/),
  parentSpanId: z
    .string()
    .regex(/^[0-9a-f]{16}$/)
    .optional(),
  name: z.string().min(1),
  kind: z.union([z.literal(1), z.literal(3)]),
  startTimeUnixNano: nanos,
  endTimeUnixNano: nanos,
  attributes,
  events: z.array(z.strictObject({ timeUnixNano: nanos, name: z.string().min(1), attributes })),
  status: z.union([z.strictObject({}), z.strictObject({ code: z.literal(2), message: z.string() })]),
});
const otlpSchema = z.strictObject({
  resourceSpans: z.array(
    z.strictObject({
      resource: z.strictObject({ attributes }),
      scopeSpans: z.array(
        z.strictObject({
          scope: z.strictObject({ name: z.literal("stormlane"), version: z.string() }),
          spans: z.array(spanSchema).min(1),
        }),
      ),
    }),
  ),
});
type Span = z.infer<typeof spanSchema>;

const repro = fileURLToPath(new URL("../../reports/corpus/partial-spawn-F22.json", import.meta.url));
let cwd = "";
let text = "";
let spans: readonly Span[] = [];
let again = "";

beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), "stormlane-"));
  const options = { cwd, catalogue: "../../scenarios/index.ts" } as const;
  await runCommand(["replay", repro, "--otlp", "a.json"], options);
  await runCommand(["replay", repro, "--otlp", "b.json", "--chrome-trace", "c.json"], options);
  text = readFileSync(join(cwd, "a.json"), "utf8");
  again = readFileSync(join(cwd, "b.json"), "utf8");
  const { resourceSpans } = otlpSchema.parse(JSON.parse(text));
  spans = resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans));
});

afterAll(() => rmSync(cwd, { recursive: true, force: true }));

function named(name: string): Span {
  return spans.find((span) => span.name === name)!;
}

function pathOf(span: Span): string[] {
  const parent = spans.find(({ spanId }) => spanId === span.parentSpanId);
  return parent === undefined ? [span.name] : [...pathOf(parent), span.name];
}

describe("the spans of a replay", () => {
  test("are the same text when the case runs again", () => {
    expect(again).toBe(text);
    expect(readFileSync(join(cwd, "c.json"), "utf8")).toContain('"title":"partial-spawn"');
  });

  test("are one trace with one root, each span inside its parent's time and with an id of its own", () => {
    expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1);
    expect(new Set(spans.map(({ spanId }) => spanId)).size).toBe(spans.length);
    expect(spans.filter(({ parentSpanId }) => parentSpanId === undefined)).toHaveLength(1);
    for (const span of spans) {
      expect(BigInt(span.startTimeUnixNano) <= BigInt(span.endTimeUnixNano)).toBe(true);
      if (span.parentSpanId === undefined) continue;
      const parent = spans.find(({ spanId }) => spanId === span.parentSpanId)!;
      expect(BigInt(parent.startTimeUnixNano) <= BigInt(span.startTimeUnixNano)).toBe(true);
      expect(BigInt(parent.endTimeUnixNano) >= BigInt(span.endTimeUnixNano)).toBe(true);
    }
  });

  test("put an operation into its agent, that into the run of the card, and that into the life of the process", () => {
    expect(pathOf(named("copies a card for EPIC-1/S1"))).toEqual([
      "run of partial-spawn",
      "poller-a@0",
      "card EPIC-1 lane 5 attempt 1",
      "agent spawner",
      "copies a card for EPIC-1/S1",
    ]);
  });

  test("say of the operation that a fault struck that it is an error, and of the run which rule it broke", () => {
    const struck = named("copies a card for EPIC-1/S1");
    expect(struck.status).toEqual({ code: 2, message: "cannot know whether it took effect" });
    expect(struck.events[0]).toMatchObject({ name: "fault" });
    expect(struck.events.slice(1).every(({ name }) => name === "effect")).toBe(true);
    expect(JSON.stringify(struck.events)).toContain("creates card EPIC-1 (2)");
    const root = named("run of partial-spawn");
    expect(root.status).toMatchObject({ code: 2 });
    expect(root.events.at(-1)).toMatchObject({ name: "violation" });
    expect(root.startTimeUnixNano).toBe("1767603600000000000");
  });
});

test("a trace that cannot be written is refused, with its flag", async () => {
  const { exitCode, error } = await runCommand(["replay", repro, "--chrome-trace", "/proc/no/c.json"], {
    cwd: temporaryFolder(),
    catalogue: "../../scenarios/index.ts",
  });
  expect(exitCode).toBe(2);
  expect(error).toMatch(/^stormlane: --chrome-trace \/proc\/no\/c.json: cannot be written/);
});
