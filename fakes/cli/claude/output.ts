import { digest64 } from "../../../src/base/digest.ts";
import type { Footprint } from "../../../src/base/footprint.ts";
import type { JsonObject, JsonValue } from "../../../src/base/json.ts";
import type { ProgramContext } from "../../../src/ports/program.ts";
import { sessionIdOf } from "../agent-script.ts";
import { isoTimestamp } from "../date-text.ts";
import type { ClaudeArguments } from "./arguments.ts";
import type { Sessions, SessionTotals } from "./sessions.ts";

/** What one process says on standard output, in its format, and puts down in its session. */
export class Output {
  readonly sessionId: string;
  readonly args: ClaudeArguments;

  private readonly context: ProgramContext;
  private readonly sessions: Sessions;
  /** Of this process: tells its ids apart from those of all others. */
  private readonly name: string;
  private idCount = 0;
  /** What `--output-format json --verbose` prints as one list. */
  private readonly held: JsonObject[] = [];
  private lastUuid: string | null = null;

  constructor(context: ProgramContext, options: { args: ClaudeArguments; sessions: Sessions; sessionId: string }) {
    this.context = context;
    this.args = options.args;
    this.sessions = options.sessions;
    this.sessionId = options.sessionId;
    this.name = processName(context);
  }

  /** A message of the stream: with the session and an id of its own. */
  send(message: JsonObject): void {
    this.emit({ ...message, session_id: this.sessionId, uuid: this.uuid() });
  }

  /** A message of the stream that also stands in the session's file. */
  sendKept(message: JsonObject & { readonly type: "user" | "assistant" }, rest: JsonObject = {}): void {
    const uuid = this.uuid();
    const timestamp = isoTimestamp(this.context.nowMs());
    this.emit({ ...message, session_id: this.sessionId, uuid, timestamp, ...rest });
    this.keep({ type: message.type, message: message["message"], uuid, timestamp });
  }

  /** What the user said, which the stream does not repeat. */
  keepPrompt(prompt: JsonValue): void {
    const timestamp = isoTimestamp(this.context.nowMs());
    const message = { role: "user", content: prompt };
    this.keep({ type: "user", message, uuid: this.uuid(), timestamp, promptSource: "sdk" });
  }

  /** What this session begins with. */
  keepCopy(lines: readonly JsonObject[]): void {
    if (this.args.keepSession) this.sessions.append(this.sessionId, lines);
  }

  keepTotals(totals: SessionTotals): void {
    if (!this.args.keepSession) return;
    this.sessions.appendTotals(this.sessionId, isoTimestamp(this.context.nowMs()), totals);
  }

  /** What keeping a message writes to. */
  touched(): readonly Footprint[] {
    return this.args.keepSession ? this.sessions.touched("w") : [];
  }

  /** A line that belongs to no turn: an answer to a request, a request, a message with ids of its own. */
  emit(message: JsonObject): void {
    if (this.args.outputFormat === "stream-json") this.context.stdout(`${JSON.stringify(message)}\n`);
    else this.held.push(message);
  }

  /** @param text what the format `text` prints */
  sendResult(result: JsonObject, text: string): void {
    this.send(result);
    if (this.args.outputFormat === "text") this.context.stdout(`${text}\n`);
    if (this.args.outputFormat === "json") {
      const document = this.args.verbose ? this.held : this.held.at(-1)!;
      this.context.stdout(`${JSON.stringify(document)}\n`);
    }
  }

  /** As `msg_…` or `toolu_…`. */
  id(prefix: string): string {
    return `${prefix}_01${digest64(`${this.name} ${this.idCount++}`)}`;
  }

  uuid(): string {
    return sessionIdOf(digest64(`${this.name} ${this.idCount++}`));
  }

  private keep(line: JsonObject): void {
    if (!this.args.keepSession) return;
    const { sessionId } = this;
    const known = { isSidechain: false, userType: "external", cwd: this.context.cwd, sessionId };
    this.sessions.append(sessionId, [{ parentUuid: this.lastUuid, ...known, ...line }]);
    this.lastUuid = line["uuid"] as string;
  }
}

/** Of a session that nobody named. */
export function freshSessionId(context: ProgramContext): string {
  return sessionIdOf(digest64(`session ${processName(context)}`));
}

function processName(context: ProgramContext): string {
  return `${context.pid} ${context.nowMs()} ${context.cwd}`;
}
