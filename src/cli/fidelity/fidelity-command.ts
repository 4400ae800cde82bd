import { runFidelities, type FidelityResult } from "../../fidelity/fidelity.ts";
import { NotUp } from "../../fidelity/real-run.ts";
import { ProjectTooLarge } from "../../fidelity/scratch-project.ts";
import { plainLine } from "../../report/plain-line.ts";
import { exitCodes } from "../exit-codes.ts";
import type { Host } from "../host.ts";
import { UsageError } from "../usage-error.ts";
import { chooseCase, planOf, type FidelityCase } from "./fidelity-case.ts";
import { fidelityDocument } from "./fidelity-document.ts";
import { resultLines, workloadLine } from "./fidelity-lines.ts";
import { readFidelitySettings, type FidelityFlags, type FidelitySettings } from "./fidelity-settings.ts";

/** `stormlane fidelity`: one case in simulation, in process over sockets, and with real processes. @returns the exit code */
export async function fidelity(flags: FidelityFlags, host: Host): Promise<number> {
  const settings = await readFidelitySettings(flags, host);
  const stopped = host.takeInterruptions();
  const startedMs = performance.now();
  const chosen = await chooseCase(settings);
  const seconds = settings.config.forMs / 1_000;
  host.writeError(`seed ${chosen.seed}: ${workloadLine(chosen.workload)}; real runs take ${seconds} s\n`);
  const result = await run(settings, chosen, stopped);
  if (result === undefined) return exitCodes.interrupted;
  const wallMs = Math.round(performance.now() - startedMs);
  host.writeOut(
    settings.json
      ? `${JSON.stringify(fidelityDocument(result, settings, chosen, wallMs))}\n`
      : `${resultLines(result, settings, chosen).join("\n")}\n`,
  );
  return result.differences.length === 0 ? exitCodes.held : exitCodes.failed;
}

async function run(
  settings: FidelitySettings,
  chosen: FidelityCase,
  signal: AbortSignal,
): Promise<FidelityResult | undefined> {
  const { simulation, simulateOtherwise } = chosen;
  try {
    return await runFidelities({ plan: planOf(settings, chosen), simulation, simulateOtherwise, signal });
  } catch (error) {
    const what = `--system ${settings.systemFile}`;
    if (error instanceof NotUp) {
      throw new UsageError({
        what,
        why: plainLine(error.message, 900),
        fix: "the simulation runs it: start it by hand with the variables of docs/in-process.md, and mend what is missing",
      });
    }
    if (error instanceof ProjectTooLarge) {
      const why = `${error.message}, and is copied for a real run`;
      throw new UsageError({
        what,
        why,
        fix: "put a package.json beside the orchestrator, so that its folder is the project",
      });
    }
    throw error;
  }
}
