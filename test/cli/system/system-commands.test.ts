import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { builtInCatalogueUrl } from "../../../src/cli/catalogue.ts";
import { codeHash } from "../../../src/cli/code-hash.ts";
import type { Host } from "../../../src/cli/host.ts";
import { withSystem } from "../../../src/cli/system/system-url.ts";
import { readWatchedCode, watchedRoots } from "../../../src/cli/watch/read-watched-code.ts";
import { runRound } from "../../../src/cli/watch/run-round.ts";
import type { Repro } from "../../../src/cli/repro-file.ts";
import { filesBelow, runCommand } from "../run-command.ts";

/** Two of it look whether a card has a comment, and write one, at the same time. */
const commenter = `
async function call(method: string, params: object) {
  const headers = { authorization: "Basic " + btoa("jsonrpc:" + process.env.KANBOARD_TOKEN) };
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
  const response = await fetch(process.env.KANBOARD_URL!, { method: "POST", headers, body });
  return ((await response.json()) as any).result;
}
await new Promise((resolve) => setTimeout(resolve, 3_000));
for (const card of await call("getAllTasks", { project_id: 1, status_id: 1 })) {
  const said = await call("getAllComments", { task_id: card.id });
  if (said.length === 0) await call("createComment", { task_id: card.id, user_id: 1, content: "planned" });
}
setInterval(() => {}, 60_000);
`;

function configOf(name: string, processes: readonly string[], latencies: "nominal" | "none"): string {
  return JSON.stringify({
    name,
    processes: Object.fromEntries(processes.map((each) => [each, { entry: "./commenter.ts" }])),
    faults: { families: [], max: 0 },
    forMs: 5_000,
    latencies,
  });
}

/** Each command tries the system in a thread of its own first. */
const patienceMs = 120_000;
vi.setConfig({ testTimeout: patienceMs });

let cwd = "";

/** One campaign for all: its ledger, its one repro file, and its one shard. */
beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), "stormlane-"));
  writeFileSync(join(cwd, "package.json"), `{"type":"module"}`);
  writeFileSync(join(cwd, "commenter.ts"), commenter);
  writeFileSync(join(cwd, "pair.json"), configOf("pair", ["left", "right"], "nominal"));
  writeFileSync(join(cwd, "alone.json"), configOf("alone", ["left"], "none"));
  const shard = ["--shard", "1/1", "--blob", "blob.json"];
  await run("campaign", "--system", "pair.json", "--seeds", "2", "--workers", "0", "--no-explain", ...shard);
}, patienceMs);

afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const run = (...args: readonly string[]) => runCommand(args, { cwd });

function foundRepro(): string {
  const name = filesBelow(join(cwd, "reports/out")).find((each) => /^pair-\d+\.json$/.test(each));
  return join("reports/out", name!);
}

test("a kept failure of a system is made smaller, and the command behind it names the system", async () => {
  const repro = JSON.parse(readFileSync(join(cwd, foundRepro()), "utf8")) as Repro;
  const site = "left@0/main/fs.readFile(/gone)#0";
  const faults = [{ kind: "pause", durationMs: 5, site }];
  writeFileSync(join(cwd, "big.json"), JSON.stringify({ ...repro, case: { ...repro.case, faults } }));
  const { exitCode, out } = await run("shrink", "big.json", "--system", "pair.json", "--out", "small.json");
  expect(exitCode, out).toBe(0);
  expect(out).toMatch(/replay: .* replay small\.json --system pair\.json$/m);
  expect(JSON.parse(readFileSync(join(cwd, "small.json"), "utf8"))).toMatchObject({ case: { faults: [] } });
});

test("a repro file of a system is no puzzle where the system was forgotten", async () => {
  const { exitCode, error } = await run("shrink", foundRepro());
  expect(exitCode).toBe(2);
  expect(error).toMatch(
    /its scenario pair no longer exists; if it is of a system of your own, name that with --system/,
  );
});

test("every schedule of a small system is run, and which one that is need not be said twice", async () => {
  const args = ["run", "--strategy", "exhaustive", "--system", "pair.json", "--json"];
  const { exitCode, out } = await run(...args);
  expect(exitCode).toBe(1);
  expect(JSON.parse(out)).toMatchObject({
    scenarios: [{ name: "pair", verdict: "violated", counterexample: { signature: "comment-twice: a card" } }],
  });
  expect(out).toMatch(/replay reports\/out\/pair-exhaustive\.json --system pair\.json"/);
});

test("the page of a campaign shows failures of a system, and how to replay them", async () => {
  const { exitCode, out, error } = await run("ui", "--html", "page.html", "--system", "pair.json");
  expect(exitCode, error).toBe(0);
  expect(out).toContain("1 of its failures");
  expect(readFileSync(join(cwd, "page.html"), "utf8")).toMatch(/ --system pair\.json/);
});

test("shards of a system are put together with it, and not without", async () => {
  const { exitCode, out } = await run("merge", "blob.json", "--system", "pair.json", "--no-explain");
  expect(exitCode, out).toBe(1);
  expect(out).toMatch(/replay: .* replay \S+ --system pair\.json$/m);
  expect((await run("merge", "blob.json")).error).toContain("the code here is");
});

test("loads are raised around a system, and a level of one is run again by its command", async () => {
  const { out, exitCode } = await run("limits", "pair:latency", "--level", "100", "--system", "pair.json");
  expect(out).toMatch(/comment-twice/);
  expect(exitCode).toBe(1);
});

test("a symptom from logs is searched for in a system", async () => {
  writeFileSync(join(cwd, "app.log"), `{"ts":"2026-03-03T09:00:00Z","msg":"work.started","card":"Card 1"}\n`);
  writeFileSync(join(cwd, "map.json"), `{ "time": "ts", "event": "msg", "card": "card" }`);
  const args = ["app.log", "--mapping", "map.json", "--symptom", "comment-twice", "--runs", "5"];
  const { out, exitCode, error } = await run("import", ...args, "--system", "pair.json");
  expect(exitCode, error).toBe(1);
  expect(out).toMatch(/replay reports\/out\/import-pair-\d+\.json --system pair\.json$/m);
  const file = await run("import", ...args, "--system", "pair.json", "--scenario", "found.ts");
  expect(file).toMatchObject({ exitCode: 2, error: expect.stringContaining("stands in no scenario's file") });
});

test("what is watched of a system are its files, and a round runs it, and nothing else", async () => {
  const host = { cwd, outIsTerminal: false, errorIsTerminal: false, catalogueUrl: builtInCatalogueUrl };
  const { catalogueUrl } = withSystem(host as Host, "alone.json");
  expect(watchedRoots(catalogueUrl)).toContain(cwd);
  expect((await readWatchedCode(catalogueUrl, ["alone"])).scenarios).toEqual([
    { name: "alone", folder: undefined, files: [join(cwd, "alone.json"), join(cwd, "commenter.ts")] },
  ]);
  const silent = { ...host, writeOut() {}, writeError() {}, takeInterruptions: () => new AbortController().signal };
  const flags = { system: "alone.json", seeds: "2", workers: "0" };
  const end = await runRound({ names: [], flags, targets: "all" }, silent, () => {});
  expect(end).toEqual({ kind: "done", exitCode: 0, ran: ["alone"], failed: [] });
});

test("a system that does not compile is the user's mistake wherever its files are read", async () => {
  writeFileSync(join(cwd, "broken.ts"), `import "./nowhere.ts";`);
  const { catalogueUrl } = withSystem({ cwd } as Host, "broken.ts");
  await expect(codeHash(catalogueUrl)).rejects.toThrow(/broken\.ts: imports \.\/nowhere\.ts, which is not there/);
  const { exitCode, error } = await run("run", "--system", "pair.json", "--epic", "package.json");
  expect(exitCode).toBe(2);
  expect(error).toMatch(/^stormlane: --epic with --system: pair is a system of your own/);
});

test("profile says why it takes no system", async () => {
  const { exitCode, error } = await run("profile", "--system", "pair.json");
  expect(exitCode).toBe(2);
  expect(error).toMatch(/^stormlane: profile --system: lanes, agents and kinds of work are noted by the core alone/);
});

interface Brief {
  readonly verdict: string;
  readonly system: object;
  readonly findings: readonly object[];
  readonly invariants: readonly { readonly invariant: string }[];
}

describe("the release brief of a system", () => {
  const parts = ["--workers", "0", "--without", "modules,degraded"];

  test("says by which of its rules it is not ready, of which system, and how to see it", async () => {
    const { exitCode, out } = await run("review", "--system", "pair.json", "--seeds", "6", ...parts, "--json");
    expect(exitCode).toBe(1);
    const { verdict, system, findings, invariants } = JSON.parse(out) as Brief;
    expect(verdict).toBe("not ready");
    expect(system).toMatchObject({
      name: "pair, unmodified",
      command: expect.stringMatching(/ --system pair\.json$/),
      generalRules: ["comment-twice", "card-twice"],
    });
    expect(findings[0]).toMatchObject({
      invariants: ["comment-twice"],
      severity: "P1",
      hinders: "release",
      replayCommand: expect.stringMatching(/ replay reports\/out\/pair-\d+\.json --system pair\.json$/),
    });
    expect(invariants.map(({ invariant }) => invariant)).toEqual(["card-twice", "comment-twice", "no-crash"]);
  });

  test("runs kept cases of the system again, leaves those of others alone, and proves what it can", async () => {
    const file = foundRepro();
    const corpus = join(cwd, "reports/corpus");
    mkdirSync(corpus, { recursive: true });
    copyFileSync(join(cwd, file), join(corpus, "pair.json"));
    const of = async (system: string) => {
      const { out } = await run("review", "--system", system, "--seeds", "2", ...parts, "--json");
      return JSON.parse(out) as object;
    };
    expect(await of("pair.json")).toMatchObject({
      kept: { mended: 1, counterexamples: [{ invariant: "comment-twice" }] },
    });
    // And of a small one it runs every schedule.
    expect(await of("alone.json")).toMatchObject({
      verdict: "ready with conditions",
      kept: { mended: 0, counterexamples: [], unusable: [] },
      proofs: [{ scenario: "alone", verdict: "proven" }],
      invariants: [
        { invariant: "card-twice", kind: "not guaranteed" },
        { invariant: "comment-twice", kind: "proven" },
        { invariant: "no-crash", kind: "proven" },
      ],
    });
  });
});
