import { catalogueUrlFor } from "./catalogue.ts";
import { exitCodes } from "./exit-codes.ts";
import type { Host } from "./host.ts";
import { processTerminal } from "./live/process-terminal.ts";

/** This process as a command reaches it. */
export function processHost(): Host {
  // A reader that has seen enough (`| head`) is no failure of ours.
  process.stdout.on("error", () => {});
  process.stderr.on("error", () => {});
  return {
    cwd: process.cwd(),
    writeOut: (text) => void process.stdout.write(text),
    writeError: (text) => void process.stderr.write(text),
    outIsTerminal: process.stdout.isTTY && process.env["NO_COLOR"] === undefined,
    errorIsTerminal: process.stderr.isTTY,
    terminal: processTerminal(),
    takeInterruptions,
    catalogueUrl: catalogueUrlFor(process.cwd()),
  };
}

function takeInterruptions(): AbortSignal {
  const interruption = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      if (interruption.signal.aborted) process.exit(exitCodes.interrupted);
      interruption.abort();
    });
  }
  return interruption.signal;
}
