import type { ProgramCall, ProgramOutcome } from "../process/run-program.ts";
import type { Run } from "../runs/run.ts";
import { need } from "../runs/run-stop.ts";

export type ProgramRequest = Pick<ProgramCall, "name" | "command" | "args" | "cwd" | "env" | "input" | "timeLimitMs">;

/** Runs a program for the card and waits for its end. A loss of the lease ends it. */
export async function runForCard(run: Run, request: ProgramRequest): Promise<ProgramOutcome> {
  run.lease.require(run.limits.diskMarginMs);
  const answer = await run.policies.programs.run(run.ports, programCall(run, request));
  run.lease.require(0);
  return need(answer, `run ${request.name}`);
}

/**
 * The same for a program that may outlive this process: its number is on disk before anybody waits for it, so that
 * whoever takes over can end it first.
 */
export async function runRecorded(run: Run, request: ProgramRequest): Promise<ProgramOutcome> {
  run.lease.require(run.limits.diskMarginMs);
  const onLife: ProgramCall["onLife"] = (pid, what) => recordLife(run, pid, what);
  const answer = await run.policies.programs.run(run.ports, { ...programCall(run, request), onLife });
  run.lease.require(0);
  return need(answer, `run ${request.name}`);
}

/** @returns false when it could not be written down: the program must not go on */
export async function recordLife(run: Run, pid: number, what: "started" | "ended"): Promise<boolean> {
  const line = what === "started" ? `+${pid}` : `-${pid}`;
  return (await run.records.noteChild(run.ports, run.scope, line)).kind === "ok";
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
