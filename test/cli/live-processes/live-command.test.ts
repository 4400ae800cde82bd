import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { liveReplaySchema, liveSchema } from "../../../src/cli/schemas/live-schema.ts";
import { runStormlane } from "../project/project-folder.ts";
import { runCommand, temporaryFolder } from "../run-command.ts";

const workers = fileURLToPath(new URL("../../live/processes", import.meta.url));

/** A project whose two workers plan a card without asking each other. */
function projectWith(config: Readonly<Record<string, string>> = {}, imports = imported): string {
  const cwd = temporaryFolder();
  cpSync(join(workers, "claims.mjs"), join(cwd, "claims.mjs"));
  const members = {
    workspace: `"."`,
    processes: `{ left: { command: [process.execPath, "claims.mjs"] }, right: { command: [process.execPath, "claims.mjs"] } }`,
    scenario: `{ board: { projects: [{ name: "shop", cards: [{ title: "Log in", reference: "S1" }] }] } }`,
    invariants: `[plannedOnce]`,
    people: `async ({ call, wait }) => {
      while ((await call("getTaskMetadataByName", { task_id: 1, name: "planned" })) !== "yes") await wait(50);
    }`,
    quietMs: "300",
    ...config,
  };
  const lines = Object.entries(members).map(([name, value]) => `  ${name}: ${value},`);
  writeFileSync(join(cwd, "live.config.ts"), [imports, "export default {", ...lines, "};"].join("\n"));
  return cwd;
}

const ruleFile = join(workers, "planned-once.ts");
const imported = `import { plannedOnce } from ${JSON.stringify(ruleFile)};`;
/** As its users write it. */
const asInstalled = readFileSync(ruleFile, "utf8").replace(
  /^import .*$/m,
  `import { defineInvariant } from "stormlane";`,
);

/** Written by hand: both look before either plans. */
function race(cwd: string): string {
  const order = ["left", "right"].map((process) => `${process}/board.getTaskMetadataByName#0`);
  const repro = {
    ...{ stormlane: "0.1.0", format: 1, kind: "live", case: { order, faults: [] } },
    expected: { signature: "planned-once: card 1", invariant: "planned-once", message: "" },
    foundBy: { seed: 1, strategy: "random" },
  };
  writeFileSync(join(cwd, "race.json"), JSON.stringify(repro));
  return "race.json";
}

test(
  "finds the race of real processes, keeps it, and says how often it shows again",
  { timeout: 240_000 },
  async () => {
    const cwd = projectWith({}, asInstalled);
    const end = await runStormlane(["live", "--times", "3", "--json", "--runs", "30"], cwd);
    const document = JSON.parse(end.out) as {
      readonly failure: { readonly signature: string; readonly reproFile: string; readonly replayCommand: string };
    };
    expect(end.exitCode).toBe(1);
    expect(document).toMatchObject({
      ...{ version: 2, command: "live", ok: false, processes: ["left", "right"] },
      failure: { signature: "planned-once: card 1", faults: expect.any(Array), reproduced: { tries: 3 } },
    });
    expect(liveSchema.safeParse(document).error).toBeUndefined();
    const { case: found } = JSON.parse(readFileSync(join(cwd, document.failure.reproFile), "utf8")) as {
      readonly case: object;
    };
    expect(found).toHaveProperty("order");
    expect(document.failure.replayCommand).toBe(
      `npx stormlane live --config live.config.ts --replay ${document.failure.reproFile}`,
    );
  },
);

test("replays a counterexample, and says that it is gone when it was mended", { timeout: 240_000 }, async () => {
  const cwd = projectWith();
  const shown = await runCommand(["live", "--replay", race(cwd), "--times", "2"], { cwd });
  expect(shown).toMatchObject({ exitCode: 1 });
  expect(shown.out).toMatch(/^planned-once: card 1: failed so in [12] of 2 runs/);
  // One worker alone cannot race.
  const mended = projectWith({ processes: `{ left: { command: [process.execPath, "claims.mjs"] } }` });
  const gone = await runCommand(["live", "--replay", race(mended), "--times", "1", "--json"], { cwd: mended });
  expect(gone.exitCode).toBe(0);
  expect(JSON.parse(gone.out)).toMatchObject({ command: "live replay", tries: 1, failed: 0 });
  expect(liveReplaySchema.safeParse(JSON.parse(gone.out)).error).toBeUndefined();
});

test("a rule that never had anything to judge fails, and is named", { timeout: 120_000 }, async () => {
  const cwd = projectWith({ people: "async () => {}", processes: `{ idle: { command: ["true"] } }` });
  const end = await runCommand(["live", "--runs", "1"], { cwd });
  expect(end.exitCode).toBe(1);
  expect(end.error).toContain("vacuous: planned-once had nothing to judge in any run");
});

test("runs that are not over in time say nothing of their end, and fail the search", { timeout: 120_000 }, async () => {
  const people = "({ wait }) => wait(60_000)";
  const processes = `{ left: { command: [process.execPath, "claims.mjs"] } }`;
  const cwd = projectWith({ people, processes, runMsMax: "1_000" });
  const end = await runCommand(["live", "--runs", "1"], { cwd });
  expect(end.exitCode).toBe(1);
  expect(end.out).toContain("broken off after 1000 ms, before they were over: 1 of 1 runs");
  expect(end.error).toContain("not over after 1000 ms: 1 of 1 runs");
});

test.each([
  [{ processes: "{}" }, [], "processes: name at least one process"],
  [{ processes: `{ Left: { command: ["true"] } }` }, [], "a process is named as poller or poller-2"],
  [{ processes: `{ people: { command: ["true"] } }` }, [], "people and board are taken"],
  [{ invariants: "[]" }, [], "without a rule nothing can be found"],
  [{ invariants: "[1]" }, [], "must be an invariant, as defineInvariant makes it"],
  [{ webhook: `{ process: "hooks" }` }, [], "webhook.process: there is no process hooks"],
  [{ workspace: `"nowhere"` }, [], "workspace nowhere: is no folder"],
  [{ scenario: `"none.json"` }, [], "none.json"],
  [{ scenario: `{ board: { projects: [{ name: "shop", cards: [{ title: "x", column: "None" }] }] } }` }, [], "None"],
  [{ speed: "3" }, [], "speed"],
  [{}, ["--config", "none.ts"], "--config none.ts: is no file"],
  [{}, ["--runs", "0"], "--runs 0"],
  [{}, ["--faults", "many"], "--faults many"],
  [{}, ["--plain", "--replay", "x.json"], "they contradict each other"],
  [{}, ["--replay", "live.config.ts"], "is not JSON"],
  [{}, ["--replay", "none.json"], "does not exist"],
  [{}, ["--out", "/proc/no/folder"], "cannot be written to"],
])("%j with %j is refused: %s", { timeout: 60_000 }, async (config, flags, why) => {
  const end = await runCommand(["live", ...flags], { cwd: projectWith(config) });
  expect(end).toMatchObject({ exitCode: 2, out: "" });
  expect(end.error).toContain(why);
});

test(
  "a process that cannot work is a mistake in the config, told with its last words",
  { timeout: 60_000 },
  async () => {
    const cwd = projectWith({ processes: `{ left: { command: [process.execPath, "claims.mjs", "dies"] } }` });
    const end = await runCommand(["live", "--runs", "1"], { cwd });
    expect(end.exitCode).toBe(2);
    expect(end.error).toMatch(/processes\.left: ended with exit code 3[^]*there is no such setting: PLAN/);
  },
);
