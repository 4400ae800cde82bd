import type { Ports } from "../../ports/ports.ts";
import { trouble, type ModelResult, type Provider, type ProviderRequest } from "./model-port.ts";
import type { RunTool } from "./run-tool.ts";
import type { Tool } from "./tools.ts";

export interface ToolProviderOptions {
  /** As it stands in the names of calls: `codex`. */
  readonly name: string;
  /** A name on PATH, or an absolute path. */
  readonly command: string;
  /** What this tool alone gets: its key, its settings. */
  readonly env: Readonly<Record<string, string>>;
  readonly run: RunTool;
}

/**
 * Asks a command line tool. It works in a folder of the question's own that nobody else reads: whatever it edits on the
 * way, or a helper of it later, is no part of any workspace.
 */
export class ToolProvider implements Provider {
  private readonly tool: Tool;
  private readonly options: ToolProviderOptions;

  constructor(tool: Tool, options: ToolProviderOptions) {
    this.tool = tool;
    this.options = options;
  }

  async ask(ports: Ports, { question, parameters, signal }: ProviderRequest): Promise<ModelResult> {
    const { name, command, env, run } = this.options;
    const { files } = ports;
    const { folder, reference, onLife } = question;
    const call = { key: `scratch:${reference}` };
    const made = await files.makeFolder(folder, call);
    if (made.kind !== "ok") return trouble("transient", `could not make a folder for ${name}: ${made.error.code}`);
    const messageFile = `${folder}/last-message.txt`;
    const answer = await run(ports, {
      name: `${name}.exec`,
      key: reference,
      command,
      args: this.tool.args(parameters.model, messageFile),
      cwd: folder,
      env: { LC_ALL: "C.UTF-8", ...this.tool.env, ...env },
      input: question.prompt,
      timeLimitMs: parameters.timeoutMs,
      signal,
      ...(onLife === undefined ? {} : { onLife }),
    });
    let message: string | undefined;
    let unread: string | undefined;
    if (this.tool.writesMessageFile && answer.kind === "ok") {
      const text = await files.readText(messageFile, { key: `scratch:${reference}/message` });
      if (text.kind === "ok") message = text.value;
      else if (text.error.code !== "ENOENT") unread = text.error.code;
    }
    await files.remove(folder, { ...call, recursive: true });
    if (answer.kind !== "ok")
      return trouble("transient", answer.reason, answer.kind === "unknown" ? "unknown" : "fail");
    const result = this.tool.read(answer.value, message);
    if (result.kind === "ok" && unread !== undefined) {
      return trouble("transient", `could not read the answer of ${name}: ${unread}`);
    }
    return result;
  }
}
