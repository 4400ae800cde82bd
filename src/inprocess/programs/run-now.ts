import { Task } from "../../kernel/task.ts";
import { ProgramRun } from "../../sim/program-run.ts";
import { callNow } from "../node/synchronous-call.ts";
import type { UserProcess } from "../node/user-process.ts";

export interface ProgramRequest {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly input: string;
}

/** How a program ended that was waited for without giving the turn back. */
export type ProgramEnd =
  | { readonly kind: "refused"; readonly code: string }
  | {
      readonly kind: "ended";
      readonly pid: number;
      readonly code: number | null;
      readonly signal: string | null;
      readonly stdout: Buffer;
      readonly stderr: Buffer;
    };

/** Runs a program of the host to its end, step by step, with nothing else in between and without time passing. */
export function runNow(user: UserProcess, request: ProgramRequest): ProgramEnd {
  const { world, host, incarnation } = user;
  const { kernel } = world;
  const name = request.command.slice(request.command.lastIndexOf("/") + 1);
  return callNow<ProgramEnd>(user, {
    name: `spawn.${name}`,
    key: [request.args[0] ?? "", request.cwd].join(" ").trim(),
    seam: "spawn",
    effect(sent, fault) {
      const found = host.programs.get(name);
      const isThere = found !== undefined && host.disk.stat(request.cwd)?.kind === "folder";
      const code = fault?.kind === "spawn-fails" ? fault.code : isThere ? undefined : "ENOENT";
      if (found === undefined || code !== undefined) {
        return { outcome: "fail", detail: code ?? "ENOENT", value: { kind: "refused", code: code ?? "ENOENT" } };
      }
      const misbehaves = fault?.kind === "program-misbehaves" && host.misbehave !== undefined;
      const program = misbehaves ? host.misbehave(found, fault.behaviour) : found;
      const operation = kernel.begin(new Task(`program:${name}`, 0, "run"), "run", sent.site);
      kernel.forget(operation);
      const run = new ProgramRun(incarnation, host, { world, program, operation, request });
      run.start();
      run.feed(request.input);
      run.endInput();
      while (run.status === undefined && run.queueIndex !== -1) {
        kernel.cancel(run);
        run.fire();
      }
      if (run.status === undefined) user.unmodelled(`a program that hangs while its parent waits for it (${name})`);
      const output = (stream: "stdout" | "stderr"): Buffer =>
        Buffer.concat(run.chunks.filter((chunk) => chunk.stream === stream).map(({ bytes }) => bytes));
      const ended = { kind: "ended", pid: run.pid, stdout: output("stdout"), stderr: output("stderr") } as const;
      const { status } = run;
      return status.kind === "code"
        ? { outcome: "ok", detail: "", value: { ...ended, code: status.code, signal: null } }
        : { outcome: "ok", detail: "", value: { ...ended, code: null, signal: status.signal } };
    },
  });
}
