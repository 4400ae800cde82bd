import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { requiresTool } from "../requires-tool/requires-tool.ts";
import { TmuxScreen } from "./tmux-screen.ts";

requiresTool("tmux");

const command = `${process.execPath} ${fileURLToPath(new URL("../../src/cli/bin.ts", import.meta.url))}`;

function screenIn(folder: string, columns?: number, rows?: number) {
  const screen = new TmuxScreen(folder, columns, rows);
  onTestFinished(() => screen.close());
  const sees = async (text: string | RegExp): Promise<void> => {
    await vi.waitFor(() => expect(screen.lines().join("\n")).toMatch(text), { timeout: 25_000, interval: 50 });
  };
  /** The shell is back, reads lines, and shows its cursor. */
  const isAsItWas = async (exitCode: number): Promise<void> => {
    await sees(/^\$$/m);
    screen.enter(`echo code $? && stty -a | grep -oE -- "-?(icanon|echo) "`);
    await sees(new RegExp(`^code ${exitCode}\\nicanon ?\\necho ?$`, "m"));
    expect(screen.cursorFlag()).toBe("1");
  };
  return { screen, sees, isAsItWas };
}

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "stormlane-terminal-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

describe("run at a terminal", () => {
  test("draws its block, is held and stopped by keys, and leaves the terminal as it was", async () => {
    const { screen, sees, isAsItWas } = screenIn(temporaryFolder());
    screen.enter(`${command} run small-claim --for 1h`);
    await sees(/small-claim: exploring\n.* runs in .*left\n.* runs\/s/);
    expect(screen.cursorFlag()).toBe("0");
    screen.press("p");
    await sees("small-claim: PAUSED");
    screen.press("p");
    await sees("small-claim: exploring");
    screen.press("s");
    await sees("interrupted: this is what was done");
    await isAsItWas(130);
  });

  test("leaves it so after Ctrl-C, after two of them, and while it is suspended", async () => {
    const { screen, sees, isAsItWas } = screenIn(temporaryFolder());
    const begin = async (): Promise<void> => {
      screen.enter(`clear; ${command} run small-claim --for 1h`);
      await sees("small-claim: exploring");
    };
    await begin();
    screen.press("C-c");
    await sees("interrupted: this is what was done");
    await isAsItWas(130);
    await begin();
    screen.press("C-c", "C-c");
    await isAsItWas(130);
    await begin();
    screen.press("C-z");
    await sees("Stopped");
    await isAsItWas(148);
    screen.enter("clear; fg");
    await sees(/small-claim: exploring\n[^]*p pause/);
    screen.press("s");
    await isAsItWas(130);
  });

  test("reads no keys in the background, where that would stop it", async () => {
    const { screen, sees } = screenIn(temporaryFolder());
    screen.enter(`(${command} run small-claim --seeds 20 > done.txt; echo "ended $?") & `);
    await sees(/^ended 0$/m);
  });
});

test("replay --step walks the run on a screen of its own, in any size, and gives the old one back", async () => {
  const folder = temporaryFolder();
  const { screen, sees, isAsItWas } = screenIn(folder);
  screen.enter(`${command} run --mutant F24 --workers 0 --no-explain > run.txt 2>&1; clear`);
  await vi.waitFor(() => expect(readFileSync(join(folder, "run.txt"), "utf8")).toContain("FAILED\n"), {
    timeout: 50_000,
  });
  const [file = ""] = readdirSync(join(folder, "reports/out"));
  screen.enter(`clear; echo before; ${command} replay reports/out/${file} --step --show board`);
  await sees(/event 0 \/ \d+[^]*q quit/);
  expect(screen.lines().slice(0, 24)).toHaveLength(24);
  screen.press("n");
  await sees(/event [1-9]\d* \/ \d+.*(fault|violation), 1 of/);
  screen.press("Right", "Left", "b");
  screen.resize(160, 40);
  await sees(/^> .* │/m);
  screen.resize(40, 10);
  await sees(/^>/m);
  screen.resize(80, 24);
  screen.press("q");
  await sees(/before[^]*same failure: /);
  await isAsItWas(1);
});

test("run --watch runs again what changed, in fresh processes, and waits for code that does not load", async () => {
  const folder = temporaryFolder();
  const scenario = join(folder, "scenarios/toy/scenario.ts");
  const saying = (word: string): string => `
    import { defineInvariant, defineScenario, fc } from "stormlane";
    const nothingBad = defineInvariant({
      id: "nothing-bad",
      rule: "Nobody says anything bad.",
      kinds: ["note"],
      judge: (check) => ({
        observe: ({ name }) => check(name !== "bad", { place: "worker", message: "It was said." }),
      }),
    });
    export default defineScenario({
      name: "toy",
      workload: fc.constant({}),
      system: { worker: async (ports) => ports.log.event("${word}", {}) },
      invariants: [nothingBad],
    });`;
  mkdirSync(join(folder, "scenarios/toy"), { recursive: true });
  writeFileSync(join(folder, "stormlane.config.json"), "{}");
  writeFileSync(scenario, "const half = {");
  const { screen, sees, isAsItWas } = screenIn(folder);
  screen.enter(`${command} run --watch --seeds 20 --workers 0`);
  await sees(/scenario\.ts.*\n?[^]*waiting for it to be mended/);
  writeFileSync(scenario, saying("bad"));
  await sees(/watch: 1 of 1 scenario failed: toy/);
  writeFileSync(scenario, saying("good"));
  await sees(/kept {2}reports.out.toy-\d+\.json: no longer fails[^]*watch: 1 scenario: all held/);
  screen.press("a");
  await sees(/watch: runs all scenarios: you asked for all[^]*watch: 1 scenario: all held/);
  screen.press("q");
  await isAsItWas(0);
});
