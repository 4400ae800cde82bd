import { mkdtempSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, test } from "vitest";
import type { ChildProcess } from "../../../src/ports/subprocess.ts";
import { realPorts } from "../../../src/real/real-ports.ts";
import { valueOf } from "../../laws/port-laws/expect-result.ts";
import { lawPrograms } from "../../laws/port-laws/law-programs.ts";
import type { LawProgram, LawPrograms, PortHarness, PortImplementation } from "../../laws/port-laws/port-law.ts";
import { programLaws } from "../../laws/port-laws/program-laws.ts";
import { subprocessLaws } from "../../laws/port-laws/subprocess-laws.ts";

const executable = fileURLToPath(new URL("law-executable.ts", import.meta.url));

/** A link by the program's name: the executable knows by it which one it is. */
function linkIn(folder: string, name: string): LawProgram {
  const link = join(folder, name);
  symlinkSync(executable, link);
  return { command: process.execPath, args: [link] };
}

function temporaryFolder(): string {
  return realpathSync(mkdtempSync(join(tmpdir(), "stormlane-")));
}

const executables: PortImplementation = {
  name: "programs as executables:",
  makeHarness: async (): Promise<PortHarness> => {
    const [root, links] = [temporaryFolder(), temporaryFolder()];
    const programs = Object.fromEntries(
      Object.entries(lawPrograms).map(([key, { name }]) => [key, linkIn(links, name)]),
    ) as unknown as LawPrograms;
    return {
      root,
      programs,
      run: (body) => body(realPorts({ log: () => {} })),
      dispose: async () => {
        for (const folder of [root, links]) rmSync(folder, { recursive: true });
      },
    };
  },
};

subprocessLaws(executables);

describe("a program as an executable keeps the laws of programs", { timeout: 60_000 }, () => {
  test.each(programLaws)("$title", async (law) => {
    const [root, links] = [temporaryFolder(), temporaryFolder()];
    const { command, args } = linkIn(links, law.program.name);
    const ports = realPorts({ log: () => {} });
    const started: ChildProcess[] = [];
    const start = async (more: readonly string[] = []): Promise<ChildProcess> => {
      const child = valueOf(await ports.subprocess.spawn({ command, args: [...args, ...more], cwd: root }));
      started.push(child);
      return child;
    };
    try {
      await law.check(start, ports, root);
    } finally {
      for (const child of started) child.killGroup("SIGKILL");
      for (const folder of [root, links]) rmSync(folder, { recursive: true });
    }
  });
});
