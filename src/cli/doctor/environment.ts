import { execFile } from "node:child_process";
import { totalmem } from "node:os";
import { promisify } from "node:util";
import { canSettleAtOnce } from "../../kernel/settle.ts";
import { prepareFolder } from "../atomic-file.ts";
import { effectiveCpus } from "../effective-cpus.ts";
import { UsageError } from "../usage-error.ts";

/** One thing that was looked at. `warning`: it works, but not all of it or not as fast. */
export interface Finding {
  readonly what: string;
  readonly status: "ok" | "warning" | "failed";
  readonly found: string;
  /** What to do about it, unless it is `ok`. */
  readonly fix?: string;
}

/** @param outFolder where reports go, absolute */
export async function examineEnvironment(outFolder: string): Promise<readonly Finding[]> {
  return [node(), settling(), threads(), memory(), await sqlite(), folder(outFolder), await git()];
}

/** The command itself refuses what is too old. */
function node(): Finding {
  return { what: "Node", status: "ok", found: `${process.versions.node} on ${process.platform} ${process.arch}` };
}

function settling(): Finding {
  if (canSettleAtOnce()) return { what: "settling", status: "ok", found: "promise reactions run dry at once" };
  return {
    what: "settling",
    status: "warning",
    found: "this Node cannot run promise reactions dry at once: runs go on macrotask by macrotask",
    fix: "results are the same, and several times slower; use Node 22, 24 or 26",
  };
}

function threads(): Finding {
  const cores = effectiveCpus();
  if (cores > 1) return { what: "threads", status: "ok", found: `${cores} cores` };
  return { what: "threads", status: "warning", found: "one core", fix: "use --workers 1" };
}

function memory(): Finding {
  const gibibytes = totalmem() / 2 ** 30;
  const found = `${gibibytes.toFixed(1)} GiB`;
  if (gibibytes >= memoryGibMin) return { what: "memory", status: "ok", found };
  return { what: "memory", status: "warning", found, fix: "use --workers 1" };
}

async function sqlite(): Promise<Finding> {
  try {
    const { DatabaseSync } = await import("node:sqlite");
    new DatabaseSync(":memory:").close();
    return { what: "node:sqlite", status: "ok", found: "ledgers of campaigns can be kept" };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { what: "node:sqlite", status: "failed", found: why, fix: "use Node 22.18 or later, 24, or 26 and later" };
  }
}

function folder(path: string): Finding {
  try {
    prepareFolder("--out", path);
    return { what: "reports", status: "ok", found: `${path} can be written to` };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return { what: "reports", status: "failed", found: error.message, fix: "name another folder with --out" };
  }
}

/** Simulations bring their own git; a core that is run for real does not. */
async function git(): Promise<Finding> {
  try {
    const { stdout } = await promisify(execFile)("git", ["--version"], { timeout: 10_000 });
    return { what: "git", status: "ok", found: stdout.trim() };
  } catch {
    return {
      what: "git",
      status: "warning",
      found: "there is none on the PATH",
      fix: "simulations need none; install it for `stormlane serve` and `stormlane fakes`",
    };
  }
}

/** Two workers take about half a gibibyte each. */
const memoryGibMin = 2;
