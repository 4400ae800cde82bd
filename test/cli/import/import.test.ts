import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, onTestFinished, test } from "vitest";
import { importSchema } from "../../../src/cli/schemas/import-schema.ts";
import { installGuards } from "../../../src/kernel/guards.ts";
import { inMacrotask } from "../../../src/kernel/settle.ts";
import { runCaseNow } from "../../../src/sim/run-case.ts";
import type { Scenario } from "../../../src/sim/scenario.ts";
import { ReaderFolder } from "../../../tools/docs/reader-folder.ts";
import { runStormlane, writeFiles } from "../project/project-folder.ts";
import { filesBelow, runCommand, temporaryFolder, type CommandEnd } from "../run-command.ts";

const catalogue = "../../scenarios/index.ts";

/** What a fan-out left behind that was given up when the board did not answer: story S2 has no card. */
const fixtures = new URL("../../incidents/fixtures/lost-story/", import.meta.url);
const lostStory: Readonly<Record<string, string>> = Object.fromEntries(
  ["access.log", "activity.json", "poller.log", "tasks.json"].map((name) => [
    name,
    readFileSync(new URL(name, fixtures), "utf8"),
  ]),
);

beforeAll(installGuards);

/** Runs `stormlane import` over logs that lie in a folder of their own. */
async function importFiles(
  files: Readonly<Record<string, string>>,
  ...flags: readonly string[]
): Promise<CommandEnd & { readonly cwd: string }> {
  const cwd = temporaryFolder();
  mkdirSync(join(cwd, "logs"));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(cwd, "logs", name), text);
  const names = Object.keys(files).map((name) => `logs/${name}`);
  return { ...(await runCommand(["import", ...names, ...flags], { cwd, catalogue })), cwd };
}

test("an incident is found from its logs, kept as a repro file that replays, and as a scenario", async () => {
  const scenarioFile = "scenarios/lost-story/scenario.ts";
  const flags = ["--mutant", "F22", "--finds", "3", "--scenario", scenarioFile, "--json"];
  const { exitCode, out, cwd } = await importFiles(lostStory, ...flags);
  expect(exitCode).toBe(1);
  const document = importSchema.parse(JSON.parse(out));
  expect(document).toMatchObject({
    ok: false,
    exitCode: 1,
    partialCase: { scenario: "partial-spawn", workloadFrom: "logs" },
    symptom: { invariants: ["I2", "I4"], place: ["EPIC-1/S2"], from: "EPIC-1/S2 has no card, and its epic is spawned" },
    clocks: [{}, {}, {}, {}],
    found: { signature: "I2: EPIC-1/S2", reproFile: expect.stringMatching(/^reports\/out\/import-partial-spawn-F22-/) },
  });
  expect(document.clocks.some(({ shiftMs }) => Math.abs(Math.abs(shiftMs) - 37_000) < 1_500)).toBe(true);
  expect(document.logs.find(({ name }) => name === "poller.log")!.dropped).toMatchObject([{ entries: 1 }]);
  expect(document.search!.runsToFirst).toBeLessThan(20);

  const replayed = await runCommand(["replay", document.found!.reproFile], { cwd, catalogue });
  expect(replayed.out).toContain("same failure: I2: EPIC-1/S2");
  expect(replayed.exitCode).toBe(1);

  const loaded = (await import(join(cwd, scenarioFile))) as { default: Scenario };
  const { scripted } = document.found!;
  expect(scripted).toMatchObject({ name: "lost-story", file: scenarioFile, failed: scripted!.tried });
  const { verdict } = await inMacrotask(() =>
    runCaseNow(loaded.default, {
      scenario: "lost-story",
      drawSeed: 5,
      workload: loaded.default.workloads.scripted[0]!,
      faults: [],
      preemptions: [],
      delays: [],
    }),
  );
  expect(verdict).toMatchObject({ kind: "violated", violation: { invariant: "I2", place: "EPIC-1/S2" } });

  const written = filesBelow(cwd).filter((file) => /^(?:reports|scenarios).*\.(?:json|ts)$/.test(file));
  expect(written).toHaveLength(2);
  for (const text of [out, ...written.map((file) => readFileSync(join(cwd, file), "utf8"))]) {
    expect(text).not.toMatch(/alice|hunter2|555 0100/i);
  }
});

test("it tells what was read and dropped, what is given, what is left open, and the odds of each cause", async () => {
  const { exitCode, out } = await importFiles(lostStory, "--mutant", "F22", "--finds", "2");
  expect(exitCode).toBe(1);
  expect(out).toMatch(/^READ {4}4 logs, \d+ of \d+ entries used, 2026-03-03 09:0/);
  expect(out).toContain("dropped 1: JSON that ends too early, or is damaged (line");
  expect(out).toMatch(/clock of .*: (?:behind|ahead) by 3[67]/);
  expect(out).toMatch(/fault 1 {2}after spawn\.intended of EPIC-1\/S2 it went otherwise/);
  expect(out).toContain("WANTED  I2 or I4 at EPIC-1/S2");
  expect(out).toMatch(/FOUND {3}after \d+ runs?; 2 times in \d+ runs/);
  expect(out).toMatch(/finds +of 2, 95 % +as the logs +what it needs/);
  expect(out).toMatch(/replay: .*replay .*reports\/out\/import-partial-spawn-F22-/);
});

test("what is not found is said with how much was tried, and nothing failed", async () => {
  const { exitCode, out, cwd } = await importFiles(
    lostStory,
    "--in",
    "partial-spawn",
    "--symptom",
    "G4",
    "--runs",
    "3",
  );
  expect(exitCode).toBe(0);
  expect(out).toContain("NOT FOUND in 3 runs");
  expect(out).toContain("--runs 30");
  expect(readdirSync(cwd)).toEqual(["logs"]);
});

test("without a search it says what the logs show and ends", async () => {
  const { exitCode, out } = await importFiles(lostStory, "--mutant", "F22", "--no-search");
  expect(exitCode).toBe(0);
  expect(out).toContain("WANTED");
  expect(out).not.toContain("FOUND");
});

test("a symptom may name a card by its number on the board", async () => {
  const flags = ["--mutant", "F22", "--symptom", "I2: card 2", "--no-search", "--json"];
  const { out } = await importFiles(lostStory, ...flags);
  expect(JSON.parse(out)).toMatchObject({ symptom: { invariants: ["I2"], place: ["EPIC-1/S1"] }, search: null });
});

test.each([
  [["--symptom", "I99"], /--symptom I99: .* has no invariant I99; did you mean/],
  [["--symptom", "12"], /--symptom 12: begins with no id of an invariant/],
  [["--in", "partial-spwn"], /there is none of that name; did you mean partial-spawn/],
  [["--mapping", "nowhere.json"], /--mapping nowhere\.json: does not exist/],
  [["--mapping", "logs/tasks.json"], /--mapping logs\/tasks\.json: time: /],
  [["--workload", "logs/tasks.json", "--in", "partial-spawn"], /--workload: partial-spawn does not take it: /],
  [["--runs", "0"], /--runs 0: out of range/],
  [["--scenario", "scenario.js"], /--scenario scenario\.js: is no TypeScript file/],
])("%j is refused in one line", async (flags, message) => {
  const { exitCode, error, out } = await importFiles({ "tasks.json": lostStory["tasks.json"]! }, ...flags);
  expect(exitCode).toBe(2);
  expect(error).toMatch(message);
  expect(error.trim().split("\n")).toHaveLength(1);
  expect(out).toBe("");
});

test("logs of which nothing can be used are refused, each with its reason", async () => {
  const { exitCode, error } = await importFiles({ "a.log": "what\nis this", "b.log": '{"msg": "x"}\n', "c.log": "" });
  expect(exitCode).toBe(2);
  expect(error).toMatch(
    /a\.log: 2 entries: a line of no known form; b\.log: 1 entry: JSON of no known form; c\.log: empty/,
  );
  expect(error).toContain("--mapping");
});

test("a log that is not there is refused before anything is read", async () => {
  const { exitCode, error } = await runCommand(["import", "gone.log"], { cwd: temporaryFolder(), catalogue });
  expect(exitCode).toBe(2);
  expect(error).toContain("gone.log: does not exist");
});

test("in a user's project it searches in the project's scenario, by a mapping, and writes a scenario that shows it", async () => {
  const cwd = temporaryFolder();
  expect(await runCommand(["init", "--yes", "--no-ci"], { cwd })).toMatchObject({ exitCode: 0 });
  writeFiles(cwd, {
    "map.json": '{"time": "ts", "event": "msg", "process": "worker", "card": "card"}',
    "app.log": ["worker-b", "worker-a"]
      .map((worker, index) =>
        JSON.stringify({ ts: `2026-03-03T09:00:00.00${index}Z`, worker, msg: "work.started", card: "Card 1" }),
      )
      .join("\n"),
  });
  const scenarioFile = "scenarios/doubled-card/scenario.ts";
  const flags = ["--mapping", "map.json", "--symptom", "one-worker-per-card", "--finds", "2"];
  const found = await runStormlane(["import", "app.log", ...flags, "--scenario", scenarioFile], cwd);
  expect(found.exitCode).toBe(1);
  expect(found.out).toContain("npx stormlane replay reports/out/import-claim-race-");
  const [, seed] = /the first is (\d+)\./.exec(found.out) ?? [];
  expect(readFileSync(join(cwd, scenarioFile), "utf8")).toContain('import base from "../claim-race/scenario.ts";');
  const reader = new ReaderFolder();
  onTestFinished(() => reader.remove());
  for (const file of ["src/board.ts", "src/worker.ts", "scenarios/claim-race/scenario.ts", scenarioFile]) {
    reader.write(file, readFileSync(join(cwd, file), "utf8"));
  }
  expect(reader.check()).toBe("");
  const run = await runStormlane(["run", "doubled-card", "--seed", seed ?? "1", "--workers", "0"], cwd);
  expect(run.out).toContain("one-worker-per-card: Card 1");
  expect(run.exitCode).toBe(1);
});
