import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { main } from "../../src/cli/main.ts";
import { FakeTerminal } from "./live/fake-terminal.ts";

export interface CommandEnd {
  readonly exitCode: number;
  readonly out: string;
  readonly error: string;
}

export interface CommandOptions {
  readonly cwd: string;
  /** Which toys there are. */
  readonly catalogue?:
    | "toy-scenarios.ts"
    | "odd-scenarios.ts"
    | "../cli/unsteady-scenarios.ts"
    | "../../scenarios/index.ts";
  /** Standard error is a terminal, and its first line of progress interrupts the command. */
  readonly interruptedAtFirstProgress?: boolean;
}

/** Runs the command line in this process, with toys in place of the built-in scenarios. */
export async function runCommand(args: readonly string[], options: CommandOptions): Promise<CommandEnd> {
  let out = "";
  let error = "";
  const interruption = new AbortController();
  const isInterrupted = options.interruptedAtFirstProgress === true;
  const exitCode = await main(args, {
    cwd: options.cwd,
    writeOut: (text) => {
      out += text;
    },
    writeError: (text) => {
      error += text;
      if (isInterrupted && text.includes(" runs")) interruption.abort();
    },
    outIsTerminal: false,
    errorIsTerminal: isInterrupted,
    terminal: isInterrupted ? new FakeTerminal() : undefined,
    takeInterruptions: () => interruption.signal,
    catalogueUrl: new URL(`../campaign/${options.catalogue ?? "toy-scenarios.ts"}`, import.meta.url),
  });
  return { exitCode, out, error };
}

/** A folder of its own for one test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "stormlane-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** All files below a folder, sorted. */
export function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).toSorted();
}
