import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readSystemConfig, type SystemProcess } from "../../src/cli/system/system-config.ts";

/** What starting the same processes for real, again and again, came to. */
export interface Repetition {
  readonly tries: number;
  readonly hits: number;
  readonly wallS: number;
}

/** @param path of a system's file */
export async function repeatPlainly(path: string, tries: number, says: RegExp): Promise<Repetition> {
  const rounds = roundsOf(Object.values(readSystemConfig(path).processes));
  const startNs = process.hrtime.bigint();
  let hits = 0;
  for (let tried = 0; tried < tries; tried++) {
    const folder = mkdtempSync(join(tmpdir(), "stormlane-known-bugs-"));
    try {
      const said: string[] = [];
      for (const round of rounds) said.push(...(await Promise.all(round.map((each) => runForReal(each, folder)))));
      if (says.test(said.join("\n"))) hits++;
    } finally {
      rmSync(folder, { recursive: true });
    }
  }
  return { tries, hits, wallS: Number(process.hrtime.bigint() - startNs) / 1e9 };
}

/** Those that start together; whoever starts later waits for all before. */
function roundsOf(processes: readonly SystemProcess[]): readonly (readonly SystemProcess[])[] {
  const starts = [...new Set(processes.map(({ startAfterMs }) => startAfterMs))].toSorted((a, b) => a - b);
  return starts.map((start) => processes.filter(({ startAfterMs }) => startAfterMs === start));
}

/** @returns what it said on stderr */
function runForReal({ entry, args }: SystemProcess, cwd: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [entry, ...args], { cwd, stdio: ["ignore", "ignore", "pipe"] });
    let said = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
    child.on("error", reject).on("close", () => resolve(said));
  });
}
