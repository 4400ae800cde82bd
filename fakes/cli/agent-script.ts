import { posix } from "node:path";
import type { ProgramContext, ProgramStep } from "../../src/ports/program.ts";
import { promptDigest } from "../llm/prompt-digest.ts";
import { readMarkers } from "../llm/prompt-markers.ts";

/**
 * What a coding agent does when it is asked, as a pure function: the same for each agent's command line.
 * undefined means that the script has no answer, which ends the run.
 */
export type AgentScript = (request: AgentRequest) => AgentAnswer | undefined;

export interface AgentRequest {
  /** From the lines `role: …`, `key: …` and `attempt: …` of the prompt; empty, empty and 1 without. */
  readonly role: string;
  readonly key: string;
  readonly attempt: number;
  readonly prompt: string;
  /** 16 hexadecimal digits. */
  readonly promptDigest: string;
  readonly model: string;
  /** Where the agent works. */
  readonly cwd: string;
  /** A named draw: an integer from 0 to `bound - 1`. */
  readonly draw: (purpose: string, bound: number) => number;
}

export interface AgentAnswer {
  /** The last message; empty when the agent ends without one. */
  readonly message: string;
  /** In the order in which they are made, over the time that the agent works. */
  readonly edits?: readonly AgentEdit[];
  readonly durationMs: number;
  /** Default 0. Any other comes with `error`, and without a message on standard output. */
  readonly exitCode?: number;
  readonly error?: string;
}

export interface AgentEdit {
  /** Below the folder the agent works in, or wherever else it points. */
  readonly path: string;
  /** null removes the file. */
  readonly content: string | null;
}

/** Asks the script; without an answer the run ends and names the prompt. */
export function askScript(
  context: ProgramContext,
  script: AgentScript,
  asked: { readonly prompt: string; readonly model: string; readonly cwd: string },
): { readonly request: AgentRequest; readonly answer: AgentAnswer } {
  const request: AgentRequest = {
    ...readMarkers(asked.prompt),
    ...asked,
    promptDigest: promptDigest(asked.prompt),
    draw: (purpose, bound) => context.draw(purpose, bound),
  };
  const answer = script(request);
  if (answer !== undefined) return { request, answer };
  const { role, key, attempt, promptDigest: digest } = request;
  return context.unmodelled({
    method: "an answer of the coding agent",
    args: { role, key, attempt, promptDigest: digest },
    file: "the scenario's agent script",
  });
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

function makeEdit(context: ProgramContext, path: string, edit: AgentEdit): void {
  if (edit.content !== null) {
    context.files.makeFolder(posix.dirname(path));
    context.files.write(path, edit.content);
  } else if (context.files.stat(path) !== null) context.files.remove(path, { recursive: true });
}
