import { beforeAll, describe, expect, test } from "vitest";
import { claude } from "../../../fakes/cli/claude/claude.ts";
import { codex } from "../../../fakes/cli/codex/codex.ts";
import { gemini } from "../../../fakes/cli/gemini/gemini.ts";
import { misbehave } from "../../../fakes/cli/misbehave.ts";
import { opencode } from "../../../fakes/cli/opencode/opencode.ts";
import type { AgentAnswer } from "../../../fakes/cli/agent-script.ts";
import type { ProgramFault } from "../../../fakes/cli/program-fault.ts";
import { ModelProvider } from "../../../fakes/llm/model-provider.ts";
import type { ScriptAnswer } from "../../../fakes/llm/model-script.ts";
import { installGuards } from "../../../src/kernel/guards.ts";
import type { ProviderConfig } from "../../../src/orchestrator/config.ts";
import { ModelClient } from "../../../src/orchestrator/llm/model-client.ts";
import type { ModelError, ModelResult } from "../../../src/orchestrator/llm/model-port.ts";
import { runProgram } from "../../../src/orchestrator/process/run-program.ts";
import { runWorld } from "../../sim/world-run.ts";

beforeAll(() => installGuards());

const url = "http://model.test";
const apis = ["openai", "anthropic", "ollama"] as const;
const tools = ["claude", "codex", "gemini", "opencode"] as const;
type Name = (typeof apis)[number] | (typeof tools)[number];
const all: readonly Name[] = [...apis, ...tools];

function configOf(name: Name): ProviderConfig {
  return apis.some((api) => api === name)
    ? { type: name as (typeof apis)[number], url, apiKey: "the-key-of-this" }
    : { type: name as (typeof tools)[number], command: name, env: {} };
}

/** The same wish in the words of both kinds of fakes. */
interface Wish {
  readonly api: Partial<ScriptAnswer>;
  readonly tool: Partial<AgentAnswer>;
  /** What becomes of the tool's result. */
  readonly fault?: ProgramFault;
}

interface Asked {
  readonly result: ModelResult;
  readonly requests: number;
  readonly virtualMs: number;
  readonly filesLeft: number;
}

async function ask(name: Name, wish: Wish, options: { requestsMax?: number; timeoutMs?: number } = {}): Promise<Asked> {
  let result: ModelResult | undefined;
  let virtualMs = 0;
  let requests = 0;
  const { world } = await runWorld((world) => {
    const script = (): AgentAnswer => {
      requests++;
      return { message: "The answer.", durationMs: 1_000, usage: { inputTokens: 30, outputTokens: 3 }, ...wish.tool };
    };
    const { fault } = wish;
    const programs = [claude(script), codex(script), gemini(script), opencode(script)];
    const { disk } = world.host("server", {
      programs: fault === undefined ? programs : programs.map((program) => misbehave(program, fault)),
    });
    for (const folder of ["/scratch", "/root", "/home/user"]) disk.makeFolder(folder);
    const usage = { promptTokens: 30, completionTokens: 3 };
    world.service(
      url,
      new ModelProvider({
        script() {
          requests++;
          return { content: "The answer.", usage, ...wish.api };
        },
      }),
    );
    world.process("core", async (ports) => {
      const role = {
        provider: configOf(name),
        model: name === "opencode" ? "some/model" : "model-1",
        temperature: 0,
        tokensMax: 1_000,
        timeoutMs: options.timeoutMs ?? 600_000,
      };
      const client = new ModelClient({
        config: { roles: { planner: role, coder: role }, traceHeaders: false },
        requestsMax: options.requestsMax ?? 1,
        questionMsMax: 3_600_000,
        breaker: { failuresMax: 100, openMs: 1_000 },
        retryDelayMs: (tries, _, retryAfterMs) => retryAfterMs ?? tries * 1_000,
        runTool: (ports, call) => runProgram(ports, { ...call, outputBytesMax: 1_000_000 }),
      });
      const startMs = ports.clock.monotonicMs();
      const question = {
        role: "planner",
        reference: "E1",
        purpose: "design",
        attempt: 1,
        prompt: `Design it. ${"It is large. ".repeat(20_000)}`,
        json: false,
        folder: "/scratch/question",
      } as const;
      result = await client.ask(ports, question, new AbortController().signal);
      virtualMs = ports.clock.monotonicMs() - startMs;
    });
  });
  const { disk } = world.hostOfProcess(world.kernel.processes.get("core")!);
  const filesLeft = disk.snapshot().filter(({ path }) => path.startsWith("/scratch/")).length;
  return { result: result!, requests, virtualMs, filesLeft };
}

describe.each(all)("%s", (name) => {
  test("gives the scripted answer, what it cost, and leaves nothing behind; the prompt may be longer than an argument", async () => {
    const { result, filesLeft } = await ask(name, { api: {}, tool: {} });
    expect(result).toMatchObject({ kind: "ok", value: { content: "The answer.", finish: "stop", refusal: undefined } });
    // Only its last message is asked for, and that tells nothing of the cost.
    const usage = name === "codex" ? undefined : expect.objectContaining({ inputTokens: 30, outputTokens: 3 });
    expect(result).toHaveProperty("value.usage", usage);
    expect(filesLeft).toBe(0);
  });

  const errors: readonly (readonly [string, ModelError, Wish])[] = [
    [
      "a key that is not accepted",
      "auth",
      {
        api: { error: { kind: "invalidKey" } },
        tool: { failure: { kind: "api-error", status: 401, message: "Incorrect API key provided" } },
      },
    ],
    [
      "a limit of requests",
      "rate-limited",
      {
        api: { error: { kind: "rateLimited" } },
        tool: { failure: { kind: "api-error", status: 429, message: "Too many requests" } },
      },
    ],
    [
      "a failure of the provider's own",
      "transient",
      {
        api: { error: { kind: "serverError" } },
        tool: { failure: { kind: "api-error", status: 500, message: "Internal server error" } },
      },
    ],
    [
      "an overload",
      "transient",
      {
        api: { error: { kind: "unavailable" } },
        tool: { failure: { kind: "api-error", status: 503, message: "Service unavailable" } },
      },
    ],
    [
      "a prompt that is too long",
      "overflow",
      {
        api: { error: { kind: "contextLengthExceeded", tokens: 300_000, tokensMax: 128_000 } },
        tool: { failure: { kind: "context-overflow" } },
      },
    ],
    [
      "a question that it will never take",
      "refused",
      {
        api: { error: { kind: "modelNotFound", model: "model-1" } },
        tool: { failure: { kind: "api-error", status: 404, message: "The model does not exist" } },
      },
    ],
  ];
  test.each(errors)("%s is %s", async (_, error, wish) => {
    const { result, filesLeft } = await ask(name, wish);
    expect(result.kind === "ok" ? result.value : result.error).toBe(error);
    expect(filesLeft).toBe(0);
  });

  test("an answer that never comes ends at the role's time limit, and may pass", async () => {
    const stalled: Wish = {
      api: { streamFault: { at: "before-headers", how: "stall" } },
      tool: { failure: { kind: "stalled" } },
    };
    const { result, virtualMs } = await ask(name, stalled, { timeoutMs: 20_000 });
    expect(result).toMatchObject({ error: "transient" });
    expect(virtualMs).toBeGreaterThanOrEqual(20_000);
    expect(virtualMs).toBeLessThan(30_000);
  });

  test("nothing said is no failure of the provider: whoever asked judges it", async () => {
    const { result } = await ask(name, { api: { content: "" }, tool: { message: "" } });
    expect(result).toMatchObject({ kind: "ok", value: { content: "", finish: "stop" } });
  });
});

/** What comes of a question: an error, or how the answer ended; `empty` is one that ended well and says nothing. */
function outcomeOf(result: ModelResult): string {
  if (result.kind !== "ok") return result.error;
  const { content, finish } = result.value;
  return finish === "stop" && content === "" ? "empty" : finish;
}

interface Row {
  readonly what: string;
  readonly outcome: string;
  readonly wish: Wish;
  /** Where a tool has words of its own for it. */
  readonly wishes?: Partial<Record<Name, Wish>>;
  /** Who cannot tell, what it shows instead, and why. */
  readonly unless?: Partial<Record<Name, readonly [outcome: string, because: string]>>;
  readonly names?: readonly Name[];
}

const endsWell = "it ends well, with a result that says nothing of it";
const plainText = "its result is a text that nothing marks";

const table: readonly Row[] = [
  {
    what: "a refusal",
    outcome: "filtered",
    wish: { api: { refusal: "I will not." }, tool: { message: "I will not.", failure: { kind: "refusal" } } },
    unless: {
      ollama: ["stop", "its API has no refusals: the words are an answer like any other"],
      codex: ["empty", endsWell],
      gemini: ["empty", endsWell],
      opencode: ["empty", endsWell],
    },
  },
  {
    what: "an answer that is cut at the token limit",
    outcome: "length",
    wish: { api: { finish: "length" }, tool: {} },
    wishes: {
      claude: cutWords("Claude's response exceeded the 8000 output token maximum."),
      codex: {
        api: {},
        tool: {
          exitCode: 1,
          error: "stream disconnected before completion: Incomplete response returned, reason: max_output_tokens",
        },
      },
      // Its fake has this word for whatever goes on too long.
      opencode: { api: {}, tool: { failure: { kind: "max-turns" } } },
    },
    unless: { gemini: ["stop", endsWell] },
  },
  {
    what: "a filter that stops the answer",
    outcome: "filtered",
    wish: { api: { finish: "content_filter" }, tool: { failure: { kind: "content-filter" } } },
    unless: {
      ollama: ["stop", "it has no filter"],
      gemini: ["empty", endsWell],
    },
  },
  {
    what: "half a result",
    outcome: "transient",
    wish: {
      api: { streamFault: { at: { afterDeltas: 1 }, how: "cut-event" } },
      tool: {},
      fault: { kind: "cutResult" },
    },
    unless: { codex: ["stop", plainText] },
  },
  {
    what: "a good end without a result",
    outcome: "transient",
    wish: {
      api: { streamFault: { at: "instead-of-terminal", how: "clean-end" } },
      tool: {},
      fault: { kind: "exitZeroWithoutResult" },
    },
    unless: { codex: ["empty", "a refusal looks like this, too"] },
  },
  {
    what: "a failure inside of what looks like a success",
    outcome: "transient",
    wish: {
      api: { streamFault: { at: "instead-of-terminal", how: "error-event" } },
      tool: {},
      fault: { kind: "exitZeroWithError", message: "API Error: 500 Internal server error" },
    },
    unless: { codex: ["stop", plainText] },
  },
  {
    what: "a good result and a bad exit code",
    outcome: "transient",
    wish: { api: {}, tool: {}, fault: { kind: "exitNonZeroAfterResult", exitCode: 3 } },
    names: tools,
  },
  {
    what: "a death by a signal in front of the result",
    outcome: "transient",
    wish: { api: {}, tool: {}, fault: { kind: "dieBySignal", signal: "SIGKILL", when: "result" } },
    names: tools,
  },
  {
    what: "noise in front of the result",
    outcome: "stop",
    wish: { api: {}, tool: {}, fault: { kind: "garbageBytes", sizeBytes: 300 } },
    names: tools,
  },
  {
    what: "input that the tool does not wait for",
    outcome: "transient",
    wish: { api: {}, tool: {}, fault: { kind: "closeInputEarly" } },
    names: tools,
  },
];

function cutWords(message: string): Wish {
  return { api: {}, tool: { failure: { kind: "api-error", status: 500, message } } };
}

describe.each(table)("$what", ({ outcome, wish, wishes = {}, unless = {}, names = all }) => {
  test.each(names.filter((name) => unless[name] === undefined))(`from %s is ${outcome}`, async (name) => {
    const { result, filesLeft } = await ask(name, wishes[name] ?? wish);
    expect(outcomeOf(result), JSON.stringify(result)).toBe(outcome);
    expect(filesLeft).toBe(0);
  });

  const others = Object.entries(unless).map(([name, [shown, because]]) => [name as Name, shown, because] as const);
  test.each(others)("from %s is %s: %s", async (name, shown) => {
    const { result } = await ask(name, wishes[name] ?? wish);
    expect(outcomeOf(result), JSON.stringify(result)).toBe(shown);
  });
});

test.each(apis)("%s: a page of a proxy, half an answer or an error under status 200 may pass", async (name) => {
  const wishes: readonly Partial<ScriptAnswer>[] = [
    { error: { kind: "htmlPage", status: 502 } },
    { error: { kind: "htmlPage", status: 200 } },
    { streamFault: { at: { afterDeltas: 1 }, how: "cut-event" } },
    { streamFault: { at: { afterDeltas: 1 }, how: "reset" } },
    { streamFault: { at: "instead-of-terminal", how: "clean-end" } },
    { streamFault: { at: "instead-of-terminal", how: "error-event" } },
  ];
  for (const api of wishes) {
    const { result } = await ask(name, { api, tool: {} });
    expect(result, JSON.stringify(api)).toMatchObject({ error: "transient" });
  }
});

test("an account without money is no limit that passes", async () => {
  const { result, requests } = await ask(
    "openai",
    { api: { error: { kind: "quotaExceeded" } }, tool: {} },
    { requestsMax: 4 },
  );
  expect(result).toMatchObject({ error: "auth" });
  expect(requests).toBe(1);
});

describe("requests are repeated", () => {
  test.each(apis)("by %s as told, up to their number; what is final is not", async (name) => {
    const limited = { api: { error: { kind: "rateLimited", retryAfterSeconds: 7 } }, tool: {} } as const;
    const again = await ask(name, limited, { requestsMax: 4 });
    expect(again.requests).toBe(4);
    expect(again.virtualMs).toBeGreaterThanOrEqual(21_000);
    expect((await ask(name, { api: { error: { kind: "invalidKey" } }, tool: {} }, { requestsMax: 4 })).requests).toBe(
      1,
    );
  });

  test.each(tools)("not for %s, which does that by itself", async (name) => {
    const down: Wish = {
      api: {},
      tool: { failure: { kind: "api-error", status: 503, message: "Service unavailable" } },
    };
    expect((await ask(name, down, { requestsMax: 4 })).requests).toBe(1);
  });
});
