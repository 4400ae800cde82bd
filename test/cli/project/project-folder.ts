import { execFile } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { temporaryFolder, type CommandEnd } from "../run-command.ts";

/** A project of a user's in a folder of its own, with these files by path. */
export function projectFolder(files: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder();
  writeFiles(folder, { "package.json": `{ "type": "module" }\n`, ...files });
  return folder;
}

export function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
}

const bin = fileURLToPath(new URL("../../../src/cli/bin.ts", import.meta.url));

/** Runs the command line in a process of its own: what users load is loaded by Node, not by the test runner. */
export function runStormlane(args: readonly string[], cwd: string): Promise<CommandEnd> {
  return runNode([bin, ...args], cwd);
}

export function runNode(args: readonly string[], cwd: string): Promise<CommandEnd> {
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd, env: { ...process.env, NO_COLOR: "1" } }, (error, out, errorText) => {
      resolve({ exitCode: typeof error?.code === "number" ? error.code : 0, out, error: errorText });
    });
  });
}

/** Two workers that increment a counter by reading it and then writing it: what a user may have. */
export const counter = {
  "counter.ts": `import type { Ports } from "stormlane";

export async function worker(ports: Ports): Promise<void> {
  const before = await ports.files.readText("/srv/counter");
  const value = before.kind === "ok" ? Number(before.value) : 0;
  await ports.files.write("/srv/counter", String(value + 1));
  ports.log.event("counted", { value: value + 1 });
}
`,
  "scenarios/counter/scenario.ts": scenarioText("counter"),
};

export function scenarioText(name: string): string {
  return `import { defineInvariant, defineScenario, fc } from "stormlane";
import { worker } from "../../counter.ts";

export default defineScenario({
  name: "${name}",
  workload: fc.record({ padding: fc.nat(9) }),
  files: { "/srv/counter": "0" },
  system: { "worker-a": worker, "worker-b": { main: worker, startAfterMs: 1 } },
  invariants: [
    defineInvariant({
      id: "no-lost-update",
      rule: "Each worker counts one further.",
      kinds: ["note"],
      judge: (check) => {
        const seen = new Set<unknown>();
        return {
          observe({ fields, process }) {
            check(!seen.has(fields["value"]), { place: "counter", message: process + " counted what was counted." });
            seen.add(fields["value"]);
          },
        };
      },
    }),
  ],
});
`;
}
