import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { installExecutables } from "../../src/serving/executable/install.ts";
import type { ProgramName } from "../../src/serving/executable/settings.ts";

export interface InstalledPrograms {
  /** For PATH. */
  readonly folder: string;
  /** Where the agent may work. */
  readonly workspace: string;
  path(name: ProgramName): string;
  remove(): void;
}

/** The fake programs as executables, with agents that go by these rules. No wait lasts. */
export function installPrograms(scenario: object): InstalledPrograms {
  const root = mkdtempSync(join(tmpdir(), "stormlane-client-"));
  const folder = join(root, "bin");
  const workspace = join(root, "work");
  mkdirSync(workspace);
  const path = join(root, "scenario.json");
  const checkedText = JSON.stringify(scenario);
  writeFileSync(path, checkedText);
  installExecutables({
    folder,
    programs: ["claude", "codex"],
    scenario: { path, checkedText },
    seed: 1,
    speed: 0,
    journal: null,
    version: "0.0.0",
  });
  return {
    folder,
    workspace,
    path: (name) => join(folder, name),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}
