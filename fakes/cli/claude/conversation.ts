import type { JsonValue } from "../../../src/base/json.ts";
import type { ProgramContext, ProgramStep } from "../../../src/ports/program.ts";
import { askScript, usageOf } from "../agent-script.ts";
import type { AgentAnswer, AgentScript, AgentUsage } from "../agent-script.ts";
import type { ClaudeArguments } from "./arguments.ts";
import { HostChannel } from "./host-channel.ts";
import type { Prompt, Settings } from "./host-channel.ts";
import { initMessage } from "./init-message.ts";
import { DEFAULT_MODEL, fullModelName } from "./models.ts";
import { freshSessionId, Output } from "./output.ts";
import { addTurn, resultMessage } from "./result-message.ts";
import { NO_TOTALS } from "./sessions.ts";
import type { KeptSession, Sessions, SessionTotals } from "./sessions.ts";
import { Turn } from "./turn.ts";

export interface ClaudeOptions {
  /** Default true. */
  readonly loggedIn?: boolean;
  /** Where `--model` is absent. */
  readonly defaultModel?: string;
}

interface ConversationOptions extends ClaudeOptions {
  readonly script: AgentScript;
  readonly args: ClaudeArguments;
  readonly sessions: Sessions;
  /** What it goes on with. */
  readonly resumed: KeptSession | undefined;
}

type Steps<Result> = Generator<ProgramStep, Result, string | undefined>;

/** Turns of one session, each with exactly one result: one for a prompt, or as many as the host sends. */
export class Conversation {
  private readonly context: ProgramContext;
  private readonly options: ConversationOptions;
  private readonly output: Output;
  private readonly settings: Settings;
  /** Undefined where standard input is text. */
  private readonly host: HostChannel | undefined;
  private totals: SessionTotals;
  private turnCount: number;
  private resultCount = 0;

  constructor(context: ProgramContext, options: ConversationOptions) {
    const { args, sessions, resumed } = options;
    const kept = args.fork ? undefined : resumed?.id;
    const sessionId = kept ?? args.sessionId ?? freshSessionId(context);
    this.context = context;
    this.options = options;
    this.output = new Output(context, { args, sessions, sessionId });
    this.settings = { model: args.model ?? options.defaultModel ?? DEFAULT_MODEL, permissionMode: args.permissionMode };
    this.host = args.inputFormat === "stream-json" ? new HostChannel(context, this.output, this.settings) : undefined;
    this.totals = resumed?.totals ?? NO_TOTALS;
    this.turnCount = resumed?.turns ?? 0;
  }

  /**
   * @param prompt undefined where the host sends the prompts
   * @returns the exit code, which is that of the last turn
   */
  *run(prompt: Prompt | undefined): Steps<number> {
    const { resumed, args } = this.options;
    if (resumed !== undefined && args.fork) {
      yield { kind: "work", durationUs: 0, touches: this.output.touched() };
      this.output.keepCopy(resumed.lines);
    }
    if (prompt !== undefined) return (yield* this.take(prompt)).exitCode;
    for (let exitCode = 0; ;) {
      const next = yield* this.host!.nextPrompt();
      if (next === undefined) return exitCode;
      const end = yield* this.take(next);
      if (end.isLast) return end.exitCode;
      exitCode = end.exitCode;
    }
  }

  private *take(prompt: Prompt): Steps<{ readonly exitCode: number; readonly isLast: boolean }> {
    const { context, output, settings, host } = this;
    yield { kind: "work", durationUs: 0, touches: output.touched() };
    const startedMs = context.nowMs();
    const model = fullModelName(settings.model);
    this.turnCount++;
    output.keepPrompt(prompt.content);
    const loggedIn = this.options.loggedIn ?? true;
    output.send(initMessage(context, { args: output.args, settings, loggedIn }));
    const schema = host?.schema ?? schemaOf(output.args);
    const { answer, usage } = loggedIn ? this.ask(prompt, schema) : NOBODY_LOGGED_IN;
    const spentUsd = this.totals.costUsd;
    const report = yield* new Turn(context, { answer, usage, schema, settings, output, host, spentUsd }).play();
    if (answer.failure === undefined && (answer.exitCode ?? 0) !== 0) {
      context.stderr(`${answer.error ?? "Execution error"}\n`);
      return { exitCode: answer.exitCode!, isLast: true };
    }
    const before = this.totals;
    this.totals = addTurn(before, model, report);
    output.keepTotals(this.totals);
    const durationMs = context.nowMs() - startedMs;
    const index = this.resultCount++;
    output.sendResult(
      resultMessage(report, { model, totals: this.totals, durationMs, index, isStream: host !== undefined }),
      report.end.plainText ?? report.end.text,
    );
    return { exitCode: answer.exitCode ?? (report.end.isError ? 1 : 0), isLast: false };
  }

  private ask(prompt: Prompt, schema: JsonValue | undefined): Answered {
    const { request, answer } = askScript(this.context, this.options.script, {
      agent: "claude",
      prompt: prompt.text,
      model: this.settings.model,
      cwd: this.context.cwd,
      turn: this.turnCount,
      sessionId: this.output.sessionId,
      ...(schema === undefined ? {} : { outputSchema: schema }),
    });
    return { answer, usage: usageOf(request, answer) };
  }
}

interface Answered {
  readonly answer: AgentAnswer;
  readonly usage: AgentUsage;
}

const NOBODY_LOGGED_IN: Answered = {
  answer: { message: "", durationMs: 0, failure: { kind: "not-logged-in" } },
  usage: { inputTokens: 0, outputTokens: 0 },
};

function schemaOf(args: ClaudeArguments): JsonValue | undefined {
  return args.jsonSchema === undefined ? undefined : (JSON.parse(args.jsonSchema) as JsonValue);
}
