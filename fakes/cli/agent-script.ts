import { posix } from "node:path";
import type { JsonValue } from "../../src/base/json.ts";
import type { ProgramContext, ProgramStep } from "../../src/ports/program.ts";
import { tokensOf } from "../llm/model-script.ts";
import { promptDigest } from "../llm/prompt-digest.ts";
import { readMarkers, readToken } from "../llm/prompt-markers.ts";
import { tokenOfModel } from "../llm/scenario-token.ts";

/**
 * What a coding agent does when it is asked, as a pure function: the same for each agent's command line.
 * undefined means that the script has no answer, which ends the run.
 */
export type AgentScript = (request: AgentRequest) => AgentAnswer | undefined;

export interface AgentRequest {
  /** The tool that is asked: `claude`, `codex`, `gemini`, `opencode`. */
  readonly agent: string;
  /** Whose scenario it is: the variable `STORMLANE_TOKEN`, the model `NAME@TOKEN`, or a line `token: …`; empty without. */
  readonly token: string;
  /** From the lines `role: …`, `key: …` and `attempt: …` of the prompt; empty, empty and 1 without. */
  readonly role: string;
  readonly key: string;
  readonly attempt: number;
  readonly prompt: string;
  /** 16 hexadecimal digits. */
  readonly promptDigest: string;
  /** Without a token. */
  readonly model: string;
  /** Where the agent works. */
  readonly cwd: string;
  /** Of the session, from 1: later ones go on with what was said before. */
  readonly turn: number;
  readonly sessionId: string;
  /** JSON Schema that the last message must obey, where the caller gave one. */
  readonly outputSchema: JsonValue | undefined;
  /** A named draw: an integer from 0 to `bound - 1`. */
  readonly draw: (purpose: string, bound: number) => number;
}

export interface AgentAnswer {
  /** The last message; empty when the agent ends without one. */
  readonly message: string;
  /** What it shows on the way, in order, before the last message. */
  readonly steps?: readonly AgentStep[];
  /** In the order in which they are made, over the time that the agent works. */
  readonly edits?: readonly AgentEdit[];
  readonly durationMs: number;
  /** What the schema asks for; default: the message read as JSON. */
  readonly structured?: JsonValue;
  /** Default: counted from the texts. */
  readonly usage?: AgentUsage;
  readonly costUsd?: number;
  /** How it ends in place of a message, named after what the real tools do. */
  readonly failure?: AgentFailure;
  /** Default 0, or what the tool says of the failure. Any other comes with `error`, and without a message on standard output. */
  readonly exitCode?: number;
  readonly error?: string;
}

export type AgentStep =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "reasoning"; readonly text: string }
  | { readonly kind: "command"; readonly command: string; readonly output: string; readonly exitCode: number }
  | {
      readonly kind: "tool";
      readonly name: string;
      readonly input: JsonValue;
      readonly output: string;
      readonly isError?: boolean;
    };

export interface AgentUsage {
  /** All that were read, those from the provider's cache included. */
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cachedTokens?: number;
}

export type AgentFailure =
  /** The provider answers with this status, for as long as the tool tries. */
  | { readonly kind: "api-error"; readonly status: number; readonly message?: string }
  | { readonly kind: "not-logged-in" }
  | { readonly kind: "max-turns" }
  | { readonly kind: "refusal" }
  | { readonly kind: "content-filter" }
  | { readonly kind: "context-overflow" }
  /** The connection breaks so often, and then the answer comes all the same. */
  | { readonly kind: "reconnects"; readonly times: number }
  /** The stream stalls: nothing comes any more, and the tool waits for ever. */
  | { readonly kind: "stalled" }
  /** The model ends for a reason that the tool does not know, again and again. */
  | { readonly kind: "unknown-finish" };

export interface AgentEdit {
  /** Below the folder the agent works in, or wherever else it points. */
  readonly path: string;
  /** null removes the file. */
  readonly content: string | null;
}

export interface AskedOf {
  readonly agent: string;
  readonly prompt: string;
  /** As given, perhaps with a token behind it. */
  readonly model: string;
  readonly cwd: string;
  /** Default 1. */
  readonly turn?: number;
  readonly sessionId?: string;
  readonly outputSchema?: JsonValue;
}

/** Asks the script; without an answer the run ends and names the prompt. */
export function askScript(
  context: ProgramContext,
  script: AgentScript,
  asked: AskedOf,
): { readonly request: AgentRequest; readonly answer: AgentAnswer } {
  const { token: tokenOfName, rest: model } = tokenOfModel(asked.model);
  const digest = promptDigest(asked.prompt);
  const request: AgentRequest = {
    ...readMarkers(asked.prompt),
    agent: asked.agent,
    token: context.env["STORMLANE_TOKEN"] ?? tokenOfName ?? readToken(asked.prompt),
    prompt: asked.prompt,
    promptDigest: digest,
    model,
    cwd: asked.cwd,
    turn: asked.turn ?? 1,
    sessionId: asked.sessionId ?? sessionIdOf(digest),
    outputSchema: asked.outputSchema,
    draw: (purpose, bound) => context.draw(purpose, bound),
  };
  const answer = script(request);
  if (answer !== undefined) return { request, answer };
  const { agent, token, role, key, attempt } = request;
  return context.unmodelled({
    method: "an answer of the coding agent",
    args: {
      agent,
      token,
      role,
      key,
      attempt,
      promptDigest: digest,
      prompt: asked.prompt.split("\n", 1)[0]!.slice(0, 200),
    },
    file: "the scenario's agent script",
  });
}

/** In the form of a UUID, from the prompt: equal prompts are told apart by their place in the history alone. */
export function sessionIdOf(digits: string): string {
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-7${digits.slice(12, 15)}-8000-${digits.slice(4, 16)}`;
}

/** What the answer cost, counted from its texts unless it says. */
export function usageOf(request: AgentRequest, answer: AgentAnswer): AgentUsage {
  return (
    answer.usage ?? {
      inputTokens: tokensOf(request.prompt.length),
      outputTokens: tokensOf(answer.message.length),
      cachedTokens: 0,
    }
  );
}

/** Thinks, then edits file by file: an agent that is killed on the way leaves the first of its edits. */
export function* makeEdits(
  context: ProgramContext,
  cwd: string,
  answer: AgentAnswer,
): Generator<ProgramStep, void, string | undefined> {
  const edits = answer.edits ?? [];
  const sliceUs = Math.floor((answer.durationMs * 1000) / (edits.length + 1));
  for (const edit of edits) {
    const path = posix.resolve(cwd, edit.path);
    yield { kind: "work", durationUs: sliceUs, touches: [{ id: `disk:${path}`, rw: "w" }] };
    makeEdit(context, path, edit);
  }
  yield { kind: "work", durationUs: sliceUs };
}

/** @param path absolute */
export function makeEdit(context: ProgramContext, path: string, edit: AgentEdit): void {
  if (edit.content !== null) {
    context.files.makeFolder(posix.dirname(path));
    context.files.write(path, edit.content);
  } else if (context.files.stat(path) !== null) context.files.remove(path, { recursive: true });
}
