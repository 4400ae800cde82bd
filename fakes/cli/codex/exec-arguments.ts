import type { ProgramContext } from "../../../src/ports/program.ts";

export interface ExecArguments {
  /** undefined when it comes on standard input: absent, or `-`. */
  readonly prompt: string | undefined;
  readonly model: string | undefined;
  readonly cwd: string | undefined;
  readonly lastMessageFile: string | undefined;
  readonly outputSchemaFile: string | undefined;
  readonly json: boolean;
  readonly skipRepositoryCheck: boolean;
  /** The session to go on with: its id, or the latest one; undefined for a new one. */
  readonly resume: { readonly id: string } | "latest" | undefined;
}

export type ParsedExecArguments =
  | { readonly kind: "ok"; readonly arguments: ExecArguments }
  | { readonly kind: "usage"; readonly message: string };

/** @param args what stands behind `codex exec` */
export function parseExecArguments(context: ProgramContext, args: readonly string[]): ParsedExecArguments {
  const values = new Map<string, string>();
  const flags = new Set<string>();
  const operands: string[] = [];
  let optionsEnded = false;
  for (let index = 0; index < args.length; index++) {
    const arg = args[index]!;
    if (optionsEnded || arg === "-" || !arg.startsWith("-")) {
      operands.push(arg);
      continue;
    }
    if (arg === "--") {
      optionsEnded = true;
      continue;
    }
    const equals = arg.startsWith("--") ? arg.indexOf("=") : -1;
    const option = equals === -1 ? arg : arg.slice(0, equals);
    const flag = FLAGS[option];
    const value = VALUES[option];
    if (UNMODELLED.has(option)) {
      context.unmodelled({ method: "codex exec", args: [...args], file: "fakes/cli/codex/exec-arguments.ts" });
    }
    if (flag !== undefined && equals === -1) flags.add(flag);
    else if (value === undefined) return { kind: "usage", message: `unexpected argument '${arg}' found` };
    else {
      const given = equals === -1 ? args[++index] : arg.slice(equals + 1);
      if (given === undefined) {
        return { kind: "usage", message: `a value is required for '${option} <${value}>' but none was supplied` };
      }
      values.set(value, given);
    }
  }
  if (operands[0] === "review") {
    context.unmodelled({ method: "codex exec review", args: [...args], file: "fakes/cli/codex/codex.ts" });
  }
  const resumes = operands[0] === "resume";
  if (resumes) operands.shift();
  const isLatest = resumes && flags.has("last");
  const id = resumes && !isLatest ? operands.shift() : undefined;
  if (resumes && !isLatest && id === undefined) {
    return { kind: "usage", message: "the following required arguments were not provided: <SESSION_ID>" };
  }
  const [prompt, extra] = operands;
  if (extra !== undefined) return { kind: "usage", message: `unexpected argument '${extra}' found` };
  return {
    kind: "ok",
    arguments: {
      prompt: prompt === "-" ? undefined : prompt,
      model: values.get("MODEL"),
      cwd: values.get("DIR"),
      lastMessageFile: values.get("FILE"),
      outputSchemaFile: values.get("SCHEMA_FILE"),
      json: flags.has("json"),
      skipRepositoryCheck: flags.has("skip-repository-check"),
      resume: isLatest ? "latest" : id === undefined ? undefined : { id },
    },
  };
}

const FLAGS: Readonly<Record<string, string>> = {
  "--json": "json",
  "--experimental-json": "json",
  "--skip-git-repo-check": "skip-repository-check",
  "--ephemeral": "ephemeral",
  "--full-auto": "full-auto",
  "--dangerously-bypass-approvals-and-sandbox": "bypass",
  "--last": "last",
};

const VALUES: Readonly<Record<string, string>> = {
  "-m": "MODEL",
  "--model": "MODEL",
  "-C": "DIR",
  "--cd": "DIR",
  "-o": "FILE",
  "--output-last-message": "FILE",
  "-s": "SANDBOX_MODE",
  "--sandbox": "SANDBOX_MODE",
  "-c": "key=value",
  "--config": "key=value",
  "--color": "COLOR",
  "--output-schema": "SCHEMA_FILE",
  "--add-dir": "ADD_DIR",
  "-i": "IMAGE",
  "--image": "IMAGE",
  "-p": "CONFIG_PROFILE",
  "--profile": "CONFIG_PROFILE",
  "--thread-source": "THREAD_SOURCE",
};

/** Options of the real one that change more than this fake knows. */
const UNMODELLED: ReadonlySet<string> = new Set(["--oss", "--local-provider", "--cyber-access-program"]);
