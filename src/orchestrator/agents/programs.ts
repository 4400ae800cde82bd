import { runProgram, type ProgramCall, type ProgramOutcome } from "../process/run-program.ts";
import type { Run } from "../runs/run.ts";
import { need, tryLater } from "../runs/run-stop.ts";

export type ProgramRequest = Pick<ProgramCall, "name" | "command" | "args" | "cwd" | "env" | "input" | "timeLimitMs">;

/** Runs a program for the card and waits for its end. A loss of the lease ends it. */
export async function runForCard(run: Run, request: ProgramRequest): Promise<ProgramOutcome> {
  run.lease.require(run.limits.diskMarginMs);
  const answer = await runProgram(run.ports, programCall(run, request));
  run.lease.require(0);
  return need(answer, `run ${request.name}`);
}

/**
 * The same for a program that may outlive this process: its number is on disk before anybody waits for it, so that
 * whoever takes over can end it first.
 */
export async function runRecorded(run: Run, request: ProgramRequest): Promise<ProgramOutcome> {
  run.lease.require(run.limits.diskMarginMs);
  const onLife = async (pid: number, what: "started" | "ended"): Promise<boolean> => {
    const line = what === "started" ? `+${pid}` : `-${pid}`;
    return (await run.records.noteChild(run.ports, run.scope, line)).kind === "ok";
  };
  const answer = await runProgram(run.ports, { ...programCall(run, request), onLife });
  run.lease.require(0);
  return need(answer, `run ${request.name}`);
}

/** Ends what an earlier owner of the scope may have left running, before anything else is touched. */
export async function endLeftChildren(run: Run): Promise<void> {
  const pids = need(await run.records.loadChildren(run.ports, run.scope), "read what was left running");
  for (const pid of pids) {
    run.lease.require(run.limits.diskMarginMs);
    const killed = await run.ports.subprocess.killGroup(pid, "SIGKILL", { name: "recovery.kill", key: run.reference });
    if (killed.kind !== "ok" && killed.error.code !== "ESRCH")
      tryLater(`could not end a program: ${killed.error.code}`);
    run.ports.log.event("child.ended", { card: run.reference, scope: run.scope });
    need(await run.records.noteChild(run.ports, run.scope, `-${pid}`), "note that a program ended");
  }
}

function programCall(run: Run, request: ProgramRequest): ProgramCall {
  return {
    ...request,
    key: run.reference,
    outputBytesMax: run.limits.outputBytesMax,
    signal: run.lease.signal,
  };
}

/** As `exit code 2`. */
export function describeEnd(end: ProgramOutcome["end"]): string {
  switch (end.kind) {
    case "code":
      return `exit code ${end.code}`;
    case "signal":
      return `ended by ${end.signal}`;
    case "timedOut":
      return "stopped at its time limit";
    case "aborted":
      return "stopped with the run";
  }
}
