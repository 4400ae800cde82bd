import { beforeAll, describe, expect, test } from "vitest";
import { claude } from "../../../fakes/cli/claude/claude.ts";
import { codex } from "../../../fakes/cli/codex/codex.ts";
import { gemini } from "../../../fakes/cli/gemini/gemini.ts";
import { opencode } from "../../../fakes/cli/opencode/opencode.ts";
import type { AgentAnswer } from "../../../fakes/cli/agent-script.ts";
import { ModelProvider } from "../../../fakes/llm/model-provider.ts";
import type { ScriptAnswer } from "../../../fakes/llm/model-script.ts";
import { installGuards } from "../../../src/kernel/guards.ts";
import type { ProviderConfig } from "../../../src/orchestrator/config.ts";
import { ModelClient } from "../../../src/orchestrator/llm/model-client.ts";
import type { ModelError, ModelFinish, ModelResult } from "../../../src/orchestrator/llm/model-port.ts";
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
    const { disk } = world.host("server", {
      programs: [claude(script), codex(script), gemini(script), opencode(script)],
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

/** Who can tell these apart. The others end well with nothing, or with half a text, and say no more. */
const tells: readonly (readonly [string, readonly Name[], ModelFinish, Wish])[] = [
  [
    "a refusal",
    ["openai", "anthropic", "claude"],
    "filtered",
    { api: { refusal: "I will not." }, tool: { message: "I will not.", failure: { kind: "refusal" } } },
  ],
  ["a cut at the token limit", ["openai", "anthropic", "ollama"], "length", { api: { finish: "length" }, tool: {} }],
  [
    "a filter",
    ["openai"],
    "filtered",
    { api: { finish: "content_filter" }, tool: { failure: { kind: "content-filter" } } },
  ],
];
describe.each(tells)("%s", (_, names, finish, wish) => {
  test.each(names)("is told by %s", async (name) => {
    const { result } = await ask(name, wish);
    expect(result).toMatchObject({ kind: "ok", value: { finish } });
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

test.each(tools)(
  "%s is not believed by its exit code: one that ends well without a result has not answered",
  async (name) => {
    const { result } = await ask(name, { api: {}, tool: { exitCode: 3, error: "segmentation fault" } });
    expect(result).toMatchObject({ error: "transient" });
  },
);
