import type { HttpBindings } from "@hono/node-server";
import { Hono, type Context } from "hono";
import { z } from "zod";
import { decodeText } from "./fetch-client.ts";
import { readBody, type ServedApp } from "./http-listener.ts";
import {
  armedFaultSchema,
  boardSchema,
  check,
  modelRulesSchema,
  ScenarioMistake,
  type ArmedFault,
  type ModelSettings,
} from "./scenario-file.ts";
import type { ResetOptions, ServedFakes } from "./served-fakes.ts";

/**
 * The control endpoint of the served fakes, on a port of its own. Bodies and answers are JSON, the journal is JSON
 * lines. A bad body is 400 with `what`, `why` and `fix`, and changes nothing.
 *
 * `POST /reset`, `GET` and `POST /clock`, `POST /script`, `GET`, `POST` and `DELETE /faults`, `GET /journal`, `GET /state`,
 * `GET /problems`, `GET /health`.
 */
export function controlApp(fakes: ServedFakes, bodyBytesMax: number): ServedApp {
  const app: ServedApp = new Hono();
  const read = (context: ControlContext, schema: z.ZodType): Promise<unknown> => bodyOf(context, schema, bodyBytesMax);
  app.onError((error, context) => {
    if (error instanceof ScenarioMistake) return refuse(context, 400, error);
    return refuse(context, 500, { what: "the control endpoint", why: String(error), fix: "please report this" });
  });
  app.notFound((context) => refuse(context, 404, noSuchPath(context)));

  app.post("/reset", async (context) => {
    fakes.reset((await read(context, resetSchema)) as ResetOptions);
    return context.json({ ok: true });
  });

  app.get("/clock", (context) => context.json(clockOf(fakes)));
  app.post("/clock", async (context) => {
    const { nowMs, advanceMs, speed, stopped } = (await read(context, clockSchema)) as z.infer<typeof clockSchema>;
    const { clock } = fakes;
    clock.setPace({ ...(speed === undefined ? {} : { speed }), ...(stopped === undefined ? {} : { stopped }) });
    if (nowMs !== undefined) clock.set(nowMs);
    if (advanceMs !== undefined) clock.advance(advanceMs);
    fakes.journal.note("control", "clock", { ...clockOf(fakes) });
    return context.json(clockOf(fakes));
  });

  app.post("/script", async (context) => {
    fakes.setModel((await read(context, modelRulesSchema)) as ModelSettings);
    return context.json({ ok: true });
  });

  app.get("/faults", (context) => context.json({ faults: fakes.armedFaults() }));
  app.post("/faults", async (context) => {
    const { faults } = (await read(context, faultsSchema)) as { readonly faults: readonly ArmedFault[] };
    fakes.armFaults(faults);
    return context.json({ faults: fakes.armedFaults() });
  });
  app.delete("/faults", (context) => {
    fakes.disarmFaults();
    return context.json({ faults: [] });
  });

  app.get("/journal", (context) => {
    const text = context.req.query("since") ?? "0";
    if (!/^\d{1,15}$/.test(text)) throw wrongSince(text, "not a number of an event", "use 0 or more");
    const lines = fakes.journal.since(Number(text));
    if (lines === undefined) throw wrongSince(text, "no longer kept", "ask more often, or serve with --journal FILE");
    return context.body(lines.map((line) => `${line}\n`).join(""), 200, {
      "content-type": "application/jsonl",
      // What to ask for next.
      "x-stormlane-next": String(fakes.journal.length),
    });
  });
  app.get("/state", (context) => context.json(fakes.summary()));
  app.get("/problems", (context) => {
    const { count } = fakes.problems;
    return context.json({ count, problems: fakes.problems.list() });
  });
  app.get("/health", (context) => {
    const { failed } = fakes.journal;
    const status = { ok: failed === undefined, problems: fakes.problems.count, events: fakes.journal.length };
    return context.json({ ...status, journal: failed ?? "ok" }, failed === undefined ? 200 : 500);
  });
  return app;
}

const resetSchema = z.strictObject({
  state: z.enum(["factory", "scenario"]).default("factory"),
  board: boardSchema.optional(),
});

const clockSchema = z.strictObject({
  nowMs: z.int().min(0).max(253_402_300_799_000).optional(),
  advanceMs: z
    .number()
    .min(0)
    .max(10 * 366 * 86_400_000)
    .optional(),
  speed: z.number().min(0).max(1_000_000).optional(),
  stopped: z.boolean().optional(),
});

const faultsSchema = z.strictObject({ faults: z.array(armedFaultSchema) });

interface Refusal {
  readonly what: string;
  readonly why: string;
  readonly fix: string;
}

function refuse(context: Context, status: 400 | 404 | 500, { what, why, fix }: Refusal): Response {
  return context.json({ error: { what, why, fix } }, status);
}

type ControlContext = Context<{ Bindings: HttpBindings }>;

/** Read at the socket, under the limits of the fakes themselves. An empty body is an empty object. */
async function bodyOf({ env }: ControlContext, schema: z.ZodType, bytesMax: number): Promise<unknown> {
  const body = await readBody(env.incoming, bytesMax);
  if (body.kind !== "whole") {
    const why = body.kind === "cut" ? "was cut off" : `is longer than ${bytesMax} bytes`;
    throw new ScenarioMistake({ what: "the body", why, fix: "send less at once" });
  }
  const text = decodeText(body.bytes);
  let value: unknown;
  try {
    value = text.trim() === "" ? {} : JSON.parse(text);
  } catch {
    throw new ScenarioMistake({
      what: "the body",
      why: "is not JSON, or only a part of it",
      fix: "send a JSON object",
    });
  }
  return check(schema, value, "the body");
}

function clockOf({ clock }: ServedFakes): { nowMs: number; speed: number; stopped: boolean } {
  return { nowMs: clock.nowMs(), speed: clock.speed, stopped: clock.stopped };
}

function noSuchPath({ req }: Context): Refusal {
  return { what: `${req.method} ${req.path}`, why: "there is no such request", fix: "docs/serving.md lists them" };
}

function wrongSince(text: string, why: string, fix: string): ScenarioMistake {
  return new ScenarioMistake({ what: `since=${text}`, why, fix });
}
