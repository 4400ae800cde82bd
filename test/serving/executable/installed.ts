import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AgentScript } from "../../../fakes/cli/agent-script.ts";
import { readJournal, type ReadJournal } from "../../../src/history/journal.ts";
import type { Ports } from "../../../src/ports/ports.ts";
import type { ChildProcess, ExitStatus } from "../../../src/ports/subprocess.ts";
import { realPorts } from "../../../src/real/real-ports.ts";
import { installExecutables } from "../../../src/serving/executable/install.ts";
import { programNames } from "../../../src/serving/executable/settings.ts";
import type { ArmedFault } from "../../../src/serving/scenario-file.ts";
import { valueOf } from "../../laws/port-laws/expect-result.ts";

export interface InstallOptions {
  readonly faults?: readonly ArmedFault[];
  /** Its text must stand alone: it goes into a module. */
  readonly codex?: AgentScript;
  readonly speed?: number;
}

export interface Ended {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: ExitStatus;
}

/** Executables in a temporary folder, an empty folder to work in, and the end of all that was started there. */
export class InstalledFakes {
  readonly bin: string;
  readonly root: string;
  readonly ports: Ports = realPorts({ log: () => {} });

  private readonly folder: string;
  private readonly started: ChildProcess[] = [];

  constructor({ faults = [], codex, speed = 0 }: InstallOptions = {}) {
    this.folder = realpathSync(mkdtempSync(join(tmpdir(), "stormlane-")));
    this.bin = join(this.folder, "bin");
    this.root = realpathSync(mkdtempSync(join(tmpdir(), "stormlane-")));
    const scenario = join(this.folder, "scenario.mjs");
    const agents = codex === undefined ? "" : `agents: { codex: ${String(codex)} }, `;
    writeFileSync(scenario, `export default { ${agents}faults: ${JSON.stringify(faults)} };\n`);
    installExecutables({
      folder: this.bin,
      programs: programNames,
      scenario: { path: scenario, checkedText: null },
      seed: 1,
      speed,
      journal: this.journalPath,
      version: "test",
    });
  }

  get journalPath(): string {
    return join(this.folder, "journal.jsonl");
  }

  journal(): ReadJournal {
    return readJournal(readFileSync(this.journalPath, "utf8"));
  }

  async start(
    command: string,
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ): Promise<ChildProcess> {
    const { ports, root, bin } = this;
    const child = valueOf(await ports.subprocess.spawn({ command: join(bin, command), args, cwd: root, env }));
    this.started.push(child);
    return child;
  }

  async run(
    command: string,
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
    input = "",
  ): Promise<Ended> {
    const child = await this.start(command, args, env);
    if (input !== "") await child.write(input);
    return drain(child);
  }

  dispose(): void {
    for (const child of this.started) child.killGroup("SIGKILL");
    for (const folder of [this.folder, this.root]) {
      if (existsSync(folder)) rmSync(folder, { recursive: true, force: true });
    }
  }
}

/** Reads to the end of both pipes. */
export async function drain(child: ChildProcess): Promise<Ended> {
  child.closeInput();
  const bytes = { stdout: [] as Uint8Array[], stderr: [] as Uint8Array[] };
  for (let chunk = await child.read(); chunk !== null; chunk = await child.read()) {
    bytes[chunk.stream].push(chunk.bytes);
  }
  const status = await child.exited;
  const textOf = (parts: readonly Uint8Array[]): string => Buffer.concat(parts).toString("latin1");
  return { stdout: textOf(bytes.stdout), stderr: textOf(bytes.stderr), status };
}
