import type { Run } from "../runs/run.ts";
import { tryLater } from "../runs/run-stop.ts";
import { describeEnd, runRecorded } from "./programs.ts";

export interface CoderRequest {
  readonly prompt: string;
  /** From 1; names the coder's folder. */
  readonly iteration: number;
}

/**
 * Asks the coding tool for a file and returns what it wrote last. It works in a folder of its own that nobody else
 * reads: whatever it edits on the way, or a helper of it later, is no part of the workspace.
 */
export async function askCoder(run: Run, { prompt, iteration }: CoderRequest): Promise<string> {
  const { files } = run.ports;
  const folder = `${run.records.scratchFolder(run.cause, run.reference, run.attempt)}-${iteration}`;
  const call = { key: `scratch:${run.reference}` };
  run.lease.require(run.limits.diskMarginMs);
  const made = await files.makeFolder(folder, call);
  if (made.kind !== "ok") tryLater(`could not make a folder for the coder: ${made.error.code}`);
  const messageFile = `${folder}/last-message.txt`;
  const { command, model } = run.config.coder;
  const outcome = await runRecorded(run, {
    name: "codex.exec",
    command,
    args: ["exec", "--model", model, "--skip-git-repo-check", "--output-last-message", messageFile, "-"],
    cwd: folder,
    env: { LC_ALL: "C.UTF-8" },
    input: prompt,
    timeLimitMs: run.limits.coderMsMax,
  });
  const message = await files.readText(messageFile, { key: `scratch:${run.reference}/message` });
  await files.remove(folder, { ...call, recursive: true });
  if (outcome.end.kind !== "code" || outcome.end.code !== 0) tryLater(`the coder: ${describeEnd(outcome.end)}`);
  if (message.kind === "ok") return message.value;
  // It ended well and wrote no message: a refusal looks like this. An empty answer is judged like any other.
  if (message.error.code === "ENOENT") return "";
  tryLater(`could not read the coder's answer: ${message.error.code}`);
}
