import { posix } from "node:path";
import { isJsonObject } from "../../../src/base/json.ts";
import type { Program, ProgramContext, ProgramStep } from "../../../src/ports/program.ts";
import type { AgentScript } from "../agent-script.ts";
import { parseArguments } from "./arguments.ts";
import type { ClaudeArguments } from "./arguments.ts";
import { Conversation } from "./conversation.ts";
import type { ClaudeOptions } from "./conversation.ts";
import { BrokenInput } from "./host-channel.ts";
import type { Prompt } from "./host-channel.ts";
import { VERSION } from "./init-message.ts";
import { Sessions } from "./sessions.ts";
import type { KeptSession } from "./sessions.ts";

export type { ClaudeOptions };

/**
 * The command line of Claude Code, after version 2.1.329, as it is without a terminal: with or without `-p`.
 *
 * What the agent does goes through the permissions of the session: an edit that nobody allowed is not made, and stands
 * among the `permission_denials` of the result. A failure of the provider is a result of `subtype` `success` with
 * `is_error`, and exit code 1. SIGTERM ends it with 143, SIGHUP with 129, and SIGINT with 0.
 * Not modelled: hooks, subagents, MCP servers beyond their names, slash commands, images, a check against the schema.
 */
export function claude(script: AgentScript, options: ClaudeOptions = {}): Program {
  return {
    name: "claude",
    signals: {
      SIGTERM: { kind: "exit", exitCode: 143 },
      SIGINT: { kind: "exit", exitCode: 0 },
      SIGHUP: { kind: "exit", exitCode: 129 },
    },
    *run(context) {
      yield { kind: "work", durationUs: START_US };
      try {
        return yield* start(context, script, options);
      } catch (error) {
        if (!(error instanceof Refusal) && !(error instanceof BrokenInput)) throw error;
        context.stderr(`${error.message}\n`);
        return 1;
      }
    },
  };
}

const START_US = 80_000;

/** The caller's mistake, in the words of the real one. */
class Refusal extends Error {
  override readonly name = "Refusal";
}

function* start(
  context: ProgramContext,
  script: AgentScript,
  options: ClaudeOptions,
): Generator<ProgramStep, number, string | undefined> {
  const parsed = parseArguments(context);
  if (parsed.kind === "usage") throw new Refusal(parsed.message);
  const args = parsed.arguments;
  if (args.version) {
    context.stdout(`${VERSION} (Claude Code)\n`);
    return 0;
  }
  if (!args.print && COMMANDS.has(args.prompt ?? "")) {
    const method = `claude ${args.prompt!}`;
    return context.unmodelled({ method, args: [...context.args], file: "fakes/cli/claude/claude.ts" });
  }
  checkTogether(args);
  checkFiles(context, args);
  const prompt = args.inputFormat === "text" ? yield* readPrompt(args) : undefined;
  const sessions = new Sessions(context);
  yield { kind: "work", durationUs: 0, touches: sessions.touched("r") };
  const resumed = findSession(sessions, args);
  return yield* new Conversation(context, { script, args, sessions, resumed, ...options }).run(prompt);
}

function checkTogether(args: ClaudeArguments): void {
  const { outputFormat, sessionId, resume } = args;
  if (sessionId !== undefined && !UUID.test(sessionId)) {
    throw new Refusal("Error: Invalid session ID. Must be a valid UUID.");
  }
  if (sessionId !== undefined && (resume !== undefined || args.continueLast) && !args.fork) {
    throw new Refusal("Error: --session-id with --continue or --resume also needs --fork-session.");
  }
  if (args.inputFormat === "stream-json" && outputFormat !== "stream-json") {
    throw new Refusal("Error: --input-format=stream-json requires output-format=stream-json.");
  }
  if (outputFormat === "stream-json" && !args.verbose) {
    throw new Refusal("Error: When using --print, --output-format=stream-json requires --verbose");
  }
  if (args.partialMessages && outputFormat !== "stream-json") {
    throw new Refusal("Error: --include-partial-messages requires --print and --output-format=stream-json.");
  }
  if (resume !== undefined && !UUID.test(resume)) {
    const value =
      resume === "" ? "" : `. Provided value "${resume}" is not a UUID and does not match any session title.`;
    throw new Refusal(
      "Error: --resume requires a valid session ID or session title when used with --print. " +
        `Usage: claude -p --resume <session-id|title>${value}`,
    );
  }
}

function checkFiles(context: ProgramContext, args: ClaudeArguments): void {
  if (args.jsonSchema !== undefined && !isObjectText(args.jsonSchema)) {
    throw new Refusal("Error: --json-schema is not valid JSON");
  }
  for (const config of args.mcpConfigs) {
    if (config.trimStart().startsWith("{")) continue;
    const path = posix.resolve(context.cwd, config);
    if (context.files.stat(path) === null) {
      throw new Refusal(`Error: Invalid MCP configuration:\nMCP config file not found: ${path}`);
    }
  }
}

/** With an argument, what comes on standard input stands below it. */
function* readPrompt(args: ClaudeArguments): Generator<ProgramStep, Prompt, string | undefined> {
  const input = (yield { kind: "input" }) ?? "";
  const text = [args.prompt ?? "", input].filter((part) => part !== "").join("\n");
  if (text === "") {
    throw new Refusal("Error: Input must be provided either through stdin or as a prompt argument when using --print");
  }
  if (text.trim() === "") {
    throw new Refusal(
      "Error: Input contained only whitespace. Provide a prompt with text through stdin or as a prompt argument when using --print",
    );
  }
  return { text, content: text };
}

/** @returns undefined for a conversation of its own */
function findSession(sessions: Sessions, args: ClaudeArguments): KeptSession | undefined {
  if (args.resume !== undefined) {
    const session = sessions.read(args.resume);
    if (session === undefined) throw new Refusal(`No conversation found with session ID: ${args.resume}`);
    return session;
  }
  if (args.continueLast) {
    const session = sessions.readLatest();
    if (session === undefined) throw new Refusal("No conversation found to continue");
    return session;
  }
  if (args.sessionId !== undefined && sessions.read(args.sessionId) !== undefined) {
    throw new Refusal(`Error: Session ID ${args.sessionId} is already in use.`);
  }
  return undefined;
}

function isObjectText(text: string): boolean {
  try {
    return isJsonObject(JSON.parse(text));
  } catch {
    return false;
  }
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Commands that stand in place of a prompt. */
const COMMANDS: ReadonlySet<string> = new Set([
  "agents",
  "attach",
  "auth",
  "auto-mode",
  "doctor",
  "gateway",
  "import",
  "install",
  "kill",
  "logs",
  "mcp",
  "plugin",
  "plugins",
  "purge",
  "respawn",
  "rm",
  "setup-token",
  "stop",
  "ultrareview",
  "update",
  "upgrade",
]);
