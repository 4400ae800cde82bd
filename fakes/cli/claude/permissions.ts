import { posix } from "node:path";
import type { JsonObject } from "../../../src/base/json.ts";
import { globExpression } from "../git/glob.ts";

/** A tool that the agent wants to use. */
export interface ToolUse {
  readonly id: string;
  readonly name: string;
  readonly input: JsonObject;
}

export interface PermissionRules {
  /** As standard output names it: `default`, `acceptEdits`, `bypassPermissions`, `plan`, `dontAsk`, `auto`. */
  readonly mode: string;
  /** As `Edit`, `Bash(git log:*)`, `Write(/src/**)`. */
  readonly allowed: readonly string[];
  readonly disallowed: readonly string[];
  /** The tools that there are; undefined: all. */
  readonly tools: readonly string[] | undefined;
  readonly cwd: string;
  readonly addedFolders: readonly string[];
}

export type Decision =
  | { readonly kind: "allow"; readonly reason: "mode" | "rule" | "other" }
  /** Nobody said so: whoever can be asked is. */
  | { readonly kind: "ask"; readonly message: string }
  | { readonly kind: "deny"; readonly message: string; readonly reason: "mode" | "rule" }
  /** The session does not have the tool. */
  | { readonly kind: "absent" };

/** First what is forbidden, then what is allowed by name, then what the mode says. */
export function decide(rules: PermissionRules, use: ToolUse): Decision {
  if (!hasTool(rules, use.name)) return { kind: "absent" };
  if (rules.disallowed.some((rule) => covers(rule, use, rules.cwd))) {
    return { kind: "deny", message: deniedByRule(use), reason: "rule" };
  }
  if (rules.allowed.some((rule) => covers(rule, use, rules.cwd))) return { kind: "allow", reason: "rule" };
  if (rules.mode === "bypassPermissions" || rules.mode === "auto") return { kind: "allow", reason: "mode" };
  if (isHarmless(use)) return { kind: "allow", reason: "other" };
  const path = writtenPath(use, rules.cwd);
  if (rules.mode === "acceptEdits" && isEditWithin(rules, use, path)) return { kind: "allow", reason: "mode" };
  if (rules.mode === "plan" && path !== undefined) {
    return { kind: "deny", message: `Cannot write to ${path} while in plan mode.`, reason: "mode" };
  }
  if (rules.mode === "dontAsk") {
    const message = `Permission to use ${use.name} has been denied because Claude Code is running in don't ask mode.`;
    return { kind: "deny", message, reason: "mode" };
  }
  return { kind: "ask", message: askText(use, path) };
}

/** Tools of MCP servers are none of the built-in ones that `--tools` chooses from. */
export function hasTool(rules: Pick<PermissionRules, "disallowed" | "tools">, name: string): boolean {
  const isThere = rules.tools === undefined || name.startsWith("mcp__") || rules.tools.includes(name);
  return isThere && !rules.disallowed.includes(name);
}

/** The file that a tool of Claude's own writes; undefined for any other tool. */
function writtenPath(use: ToolUse, cwd: string): string | undefined {
  const path = use.input["file_path"] ?? use.input["notebook_path"];
  return EDITING_TOOLS.has(use.name) && typeof path === "string" ? posix.resolve(cwd, path) : undefined;
}

function askText(use: ToolUse, path: string | undefined): string {
  if (use.name === "Bash") return "This command requires approval";
  const what = path === undefined ? `use ${use.name}` : `write to ${path}`;
  return `Claude requested permissions to ${what}, but you haven't granted it yet.`;
}

function deniedByRule(use: ToolUse): string {
  const command = commandOf(use);
  return `Permission to use ${use.name}${command === undefined ? "" : ` with command ${command}`} has been denied.`;
}

/** A rule is the name of a tool, or of all tools of an MCP server, perhaps with what it may be used for in parentheses. */
function covers(rule: string, use: ToolUse, cwd: string): boolean {
  const [, tool, subject] = /^([^(]+)(?:\((.*)\))?$/.exec(rule) ?? [];
  if (tool === undefined) return false;
  // A rule for one way to edit covers all of them.
  const isNamed = tool === use.name || (tool === "Edit" && EDITING_TOOLS.has(use.name));
  if (subject === undefined || subject === "*") return isNamed || use.name.startsWith(`${tool}__`);
  if (!isNamed) return false;
  const command = commandOf(use);
  if (command !== undefined) return coversCommand(subject, command);
  const path = writtenPath(use, cwd);
  return path !== undefined && globExpression(pathPattern(subject, cwd), { acrossFolders: false }).test(path);
}

/** `git log:*` and `git log *` mean what begins so, up to the next command of the line. */
function coversCommand(subject: string, command: string): boolean {
  const prefix = /^(.*?)(?::\*| \*)$/.exec(subject)?.[1];
  if (prefix === undefined) return command === subject;
  return (command === prefix || command.startsWith(`${prefix} `)) && !SHELL_OPERATORS.test(command);
}

/** `//x` is absolute, `/x` and `x` lie below the folder of the session. */
function pathPattern(subject: string, cwd: string): string {
  return subject.startsWith("//") ? subject.slice(1) : posix.join(cwd, subject);
}

function isEditWithin(rules: PermissionRules, use: ToolUse, path: string | undefined): boolean {
  const command = commandOf(use);
  if (command !== undefined) return FILE_COMMANDS.has(firstWord(command)) && !SHELL_OPERATORS.test(command);
  if (path === undefined) return false;
  return [rules.cwd, ...rules.addedFolders.map((folder) => posix.resolve(rules.cwd, folder))].some(
    (folder) => path === folder || path.startsWith(folder === "/" ? "/" : `${folder}/`),
  );
}

function isHarmless(use: ToolUse): boolean {
  const command = commandOf(use);
  if (command !== undefined) return READING_COMMANDS.has(firstWord(command)) && !SHELL_OPERATORS.test(command);
  return HARMLESS_TOOLS.has(use.name);
}

function commandOf(use: ToolUse): string | undefined {
  const { command } = use.input;
  return use.name === "Bash" && typeof command === "string" ? command : undefined;
}

function firstWord(command: string): string {
  return command.split(/\s/, 1)[0]!;
}

const SHELL_OPERATORS = /[;&|<>`$\n]/;
const EDITING_TOOLS: ReadonlySet<string> = new Set(["Edit", "MultiEdit", "NotebookEdit", "Write"]);
const HARMLESS_TOOLS: ReadonlySet<string> = new Set([
  "Glob",
  "Grep",
  "Read",
  "StructuredOutput",
  "Task",
  "TaskCreate",
  "TaskGet",
  "TaskList",
  "TaskUpdate",
  "TodoWrite",
  "ToolSearch",
]);
const READING_COMMANDS: ReadonlySet<string> = new Set(["cat", "cd", "echo", "grep", "head", "ls", "pwd", "tail", "wc"]);
const FILE_COMMANDS: ReadonlySet<string> = new Set(["cp", "mkdir", "mv", "rm", "rmdir", "sed", "touch"]);
