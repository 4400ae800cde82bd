import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Ledger } from "../../src/campaign/ledger/ledger.ts";
import { filesBelow, runCommand, temporaryFolder, type CommandEnd } from "./run-command.ts";

const inThread = ["--workers", "0", "--no-explain"];

interface Document {
  readonly exitCode: number;
  readonly seeds: { readonly run: number };
  readonly ledger: { readonly ran: number; readonly session: number; readonly code: string };
  readonly problems: readonly { readonly kind: string; readonly text: string }[];
  readonly scenarios: readonly {
    readonly name: string;
    readonly runs: number;
    readonly failures: readonly {
      readonly signature: string;
      readonly seed: number;
      readonly reproFile: string | null;
    }[];
  }[];
  readonly standing: readonly {
    readonly failures: readonly { readonly signature: string; readonly state: string; readonly hits: number }[];
  }[];
}

function documentOf({ out }: CommandEnd): Document {
  return JSON.parse(out) as Document;
}

describe("a campaign", () => {
  test("runs on where its ledger ended, and reports on all that it has", async () => {
    const cwd = temporaryFolder();
    const args = ["campaign", "counter-locked", "--json", ...inThread];
    const first = documentOf(await runCommand([...args, "--seeds", "60"], { cwd }));
    expect(first).toMatchObject({ exitCode: 0, seeds: { run: 60 }, ledger: { ran: 60, session: 1 } });
    const second = documentOf(await runCommand([...args, "--seeds", "100"], { cwd }));
    expect(second).toMatchObject({ exitCode: 0, seeds: { run: 100 }, ledger: { ran: 40, session: 2 } });
    const third = documentOf(await runCommand([...args, "--seeds", "100"], { cwd }));
    expect(third).toMatchObject({ exitCode: 0, seeds: { run: 100 }, ledger: { ran: 0 } });
    const whole = documentOf(await runCommand([...args, "--seeds", "100"], { cwd: temporaryFolder() }));
    expect(third.scenarios.map(({ name, runs, failures }) => ({ name, runs, failures }))).toEqual(
      whole.scenarios.map(({ name, runs, failures }) => ({ name, runs, failures })),
    );
  });

  test("searches past failures, keeps their smallest cases, and does not make them small a second time", async () => {
    const cwd = temporaryFolder();
    const args = ["campaign", "counter-racy", "--seeds", "80", "--json", ...inThread];
    const first = documentOf(await runCommand(args, { cwd }));
    expect(first).toMatchObject({ exitCode: 1, seeds: { run: 80 } });
    const [failure] = first.scenarios[0]!.failures;
    expect(failure).toMatchObject({ signature: "C1: counter" });
    expect(first.standing[0]!.failures).toMatchObject([{ signature: "C1: counter", state: "new" }]);
    expect(first.standing[0]!.failures[0]!.hits).toBeGreaterThan(1);
    const again = documentOf(await runCommand(args, { cwd }));
    expect(again.scenarios[0]!.failures).toEqual(first.scenarios[0]!.failures);
    expect(again.standing[0]!.failures).toMatchObject([{ signature: "C1: counter", state: "ongoing" }]);
    const replayed = await runCommand(["replay", failure!.reproFile!], { cwd });
    expect(replayed.out).toContain("same failure");
  });

  test("with --report runs nothing and says the same", async () => {
    const cwd = temporaryFolder();
    const args = ["campaign", "counter-racy", "--json", ...inThread];
    const ran = documentOf(await runCommand([...args, "--seeds", "50"], { cwd }));
    const reported = documentOf(await runCommand([...args, "--report"], { cwd }));
    expect(reported).toMatchObject({ exitCode: 1, seeds: { run: 50 }, ledger: { ran: 0, session: 1 } });
    expect(reported.scenarios[0]!.failures).toEqual(ran.scenarios[0]!.failures);
    // Nothing is run, so nobody is asked to compute.
    const nobody = ["--engine", "redis://127.0.0.1:9/none"];
    const elsewhere = documentOf(await runCommand([...args, "--report", ...nobody], { cwd }));
    expect(elsewhere.scenarios).toEqual(reported.scenarios);
    const other = await runCommand([...args, "--report", "--strategy", "pct"], { cwd });
    expect(other).toMatchObject({ exitCode: 2, out: "" });
    expect(other.error).toContain("has no runs of these scenarios by the present code");
  });

  test("reports a recorded seed whose history is another one now", async () => {
    const cwd = temporaryFolder();
    const args = ["campaign", "counter-locked", "--seeds", "20", "--json", "--ledger", "ledger", ...inThread];
    await runCommand(args, { cwd });
    const { loadSqlite } = await import("../../src/campaign/ledger/sqlite.ts");
    const database = new (loadSqlite().DatabaseSync)(join(cwd, "ledger"));
    database.exec("UPDATE run SET history = x'00112233' WHERE seed = 1");
    database.close();
    const ended = documentOf(await runCommand(args, { cwd }));
    expect(ended.exitCode).toBe(1);
    expect(ended.problems[0]!.text).toContain("a recorded seed has another history (seed 1)");
  });

  test("names a seed that hangs, and records it", { timeout: 60_000 }, async () => {
    const cwd = temporaryFolder();
    const catalogue = "odd-scenarios.ts";
    const args = [
      "campaign",
      "counter-stuck",
      "--first-seed",
      "9",
      "--seeds",
      "2",
      "--json",
      "--workers",
      "1",
      "--no-explain",
    ];
    const end = await runCommand(args, { cwd, catalogue });
    const first = documentOf(end);
    expect(first.exitCode).toBe(1);
    expect(first.seeds.run).toBe(2);
    expect(first.scenarios[0]!.failures[0]).toMatchObject({ signature: "livelock", reproFile: null });
    const ledger = Ledger.open(join(cwd, "reports/out/campaign.sqlite"), { readOnly: true });
    expect(ledger.recordedSeeds(1)).toEqual([9, 10]);
    expect(ledger.failuresOf(1)).toMatchObject([{ failure: { kind: "livelock", seed: 10 }, case: undefined }]);
    ledger.close();
  });
});

test(
  "a process that is killed at any moment has each seed once, and ends as if it had not been",
  { timeout: 120_000 },
  async () => {
    const cwd = temporaryFolder();
    const program = new URL("campaign-process.ts", import.meta.url).pathname;
    const args = [program, "campaign", "counter-racy", "--seeds", "1500", "--json", "--ledger", "ledger", ...inThread];
    let kills = 0;
    for (const runsBeforeKill of [1, 40, 150, 300, 500]) {
      const child = spawn(process.execPath, args, { cwd, stdio: ["ignore", "ignore", "pipe"] });
      child.stderr.setEncoding("utf8");
      // The child says when a chunk is recorded; it is killed somewhere in what comes next.
      for await (const text of child.stderr as AsyncIterable<string>) {
        const recorded = Math.max(...[...text.matchAll(/recorded (\d+)/g)].map(([, runs]) => Number(runs)), 0);
        if (recorded < runsBeforeKill) continue;
        child.kill("SIGKILL");
        kills++;
        break;
      }
      if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    }
    expect(kills).toBe(5);
    const resumed = documentOf(
      await runCommand(["campaign", "counter-racy", "--seeds", "1500", "--json", "--ledger", "ledger", ...inThread], {
        cwd,
      }),
    );
    expect(resumed.ledger.ran).toBeLessThan(1500);
    const ledger = Ledger.open(join(cwd, "ledger"), { readOnly: true });
    const { id } = ledger.targets().find(({ code }) => code === resumed.ledger.code)!;
    expect(ledger.recordedSeeds(id)).toEqual(Array.from({ length: 1500 }, (_, index) => index + 1));
    const killed = ledger.tallyOf(id);
    ledger.close();
    const undisturbed = temporaryFolder();
    const whole = documentOf(
      await runCommand(["campaign", "counter-racy", "--seeds", "1500", "--json", "--ledger", "ledger", ...inThread], {
        cwd: undisturbed,
      }),
    );
    const other = Ledger.open(join(undisturbed, "ledger"), { readOnly: true });
    expect(other.tallyOf(other.targets()[0]!.id)).toEqual(killed);
    other.close();
    expect(resumed.scenarios[0]!.failures).toEqual(whole.scenarios[0]!.failures);
  },
);

describe("shards", () => {
  /** All that does not tell of the machine, or of the command. */
  function essence(text: string): unknown {
    return JSON.parse(text, (key, value: unknown) => (ofTheMachine.has(key) ? undefined : value));
  }

  const ofTheMachine = new Set([
    "wallMs",
    "cpuMs",
    "seedsPerSecond",
    "opsPerSecond",
    "distinctPerSecond",
    "workers",
    "command",
    "ledger",
    "standing",
    "shards",
  ]);

  const scenarios = ["counter-locked", "counter-racy", "--seeds", "90", ...inThread];

  async function runShard(cwd: string, index: number, count: number, more: readonly string[] = []): Promise<string> {
    const blob = `shard-${index}-of-${count}.json`;
    const args = ["--shard", `${index}/${count}`, "--blob", blob, "--ledger", `ledger-${index}-of-${count}`];
    await runCommand(["campaign", ...scenarios, ...args, ...more], { cwd });
    return blob;
  }

  test("of any number, merged in any order, say what one machine says", { timeout: 120_000 }, async () => {
    const cwd = temporaryFolder();
    const whole = await runCommand(["campaign", ...scenarios, "--json"], { cwd });
    for (let count = 1; count <= 7; count++) {
      const blobs: string[] = [];
      for (let index = 1; index <= count; index++) blobs.push(await runShard(cwd, index, count));
      for (const order of [blobs, blobs.toReversed()]) {
        const merged = await runCommand(["merge", ...order, "--json"], { cwd });
        expect(merged.exitCode).toBe(whole.exitCode);
        expect(essence(merged.out)).toEqual(essence(whole.out));
      }
    }
  });

  test("say why their failures fail, and write the reports of one machine", async () => {
    const cwd = temporaryFolder();
    const reporter = (name: string): string[] => ["--reporter", `junit=${name}.xml,markdown=${name}.md`];
    const args = ["campaign", "counter-racy", "--seeds", "40", "--workers", "0"];
    const whole = await runCommand([...args, ...reporter("whole")], { cwd });
    const blobs = ["1", "2"].map((index) => `shard-${index}.json`);
    for (const [index, blob] of blobs.entries()) {
      const shard = ["--shard", `${index + 1}/2`, "--blob", blob, "--ledger", `ledger-${index}`, "--no-explain"];
      await runCommand([...args, ...shard], { cwd });
    }
    const merged = await runCommand(["merge", ...blobs, ...reporter("merged")], { cwd });
    expect(merged.exitCode).toBe(1);
    expect(storyOf(merged.out)).toEqual(storyOf(whole.out));
    expect(storyOf(merged.out)).toMatch(/^ +lost at /m);
    const unexplained = await runCommand(["merge", ...blobs, "--no-explain"], { cwd });
    expect(storyOf(unexplained.out)).not.toMatch(/^ +lost at /m);
    for (const type of ["xml", "md"]) {
      const text = (name: string): string =>
        readFileSync(join(cwd, `${name}.${type}`), "utf8").replaceAll(
          /\b(time|timestamp)="[^"]*"|\d+(\.\d+)? m?s\b/g,
          "",
        );
      expect(text("merged")).toEqual(text("whole"));
    }
  });

  function storyOf(text: string): string {
    return text.slice(text.indexOf("FAILED"), text.indexOf("replay:"));
  }

  test("that are damaged, foreign, of other campaigns or named twice are refused", async () => {
    const cwd = temporaryFolder();
    const [first, second, third] = [await runShard(cwd, 1, 2), await runShard(cwd, 2, 2), await runShard(cwd, 1, 3)];
    const pct = await runShard(cwd, 1, 4, ["--strategy", "pct"]);
    const text = readFileSync(join(cwd, first), "utf8");
    writeFileSync(join(cwd, "damaged.json"), text.replace(/"runs":\d/, '"runs":9'));
    writeFileSync(join(cwd, "cut.json"), text.slice(0, -200));
    writeFileSync(join(cwd, "later.json"), text.replace('"version":1', '"version":2'));
    writeFileSync(join(cwd, "foreign.json"), "{}");
    for (const [files, why] of [
      [["damaged.json"], "is damaged: its checksum does not fit"],
      [["cut.json"], "is not JSON, or only a part of it"],
      [["later.json"], "has version 2, this stormlane reads version 1"],
      [["foreign.json"], "is no shard of a campaign"],
      [[first, second, first], "both are shard 1 of 2"],
      [[first, third], "the number of shards is 3 here and 2 there"],
      [[pct, first], "the strategy"],
      [["none.json"], "does not exist"],
    ] as const) {
      const end = await runCommand(["merge", ...files, "--json"], { cwd });
      expect(end, why).toMatchObject({ exitCode: 2, out: "" });
      expect(end.error).toContain(why);
    }
  });

  test("that are missing are named, and what is there is reported", async () => {
    const cwd = temporaryFolder();
    const end = await runCommand(["merge", await runShard(cwd, 2, 3), "--json"], { cwd });
    expect(end.exitCode).toBe(3);
    expect(documentOf(end).seeds.run).toBeGreaterThan(20);
    expect(documentOf(end).problems.at(-1)!.text).toContain("shard 1, 3 of 3 is missing");
  });

  test("do not take what another shard has recorded", async () => {
    const cwd = temporaryFolder();
    await runCommand(["campaign", ...scenarios, "--shard", "1/2"], { cwd });
    const end = await runCommand(["campaign", ...scenarios, "--shard", "2/2", "--blob", "two.json"], { cwd });
    expect(end.exitCode).toBe(2);
    expect(end.error).toContain("which is not of this shard; give each shard a ledger of its own");
  });
});

describe("bad input", () => {
  test.each([
    [["--engine", "abacus"], "there is no such engine"],
    [["--shard", "5/4"], "there is no such shard"],
    [["--shard", "auto"], "no scheduler of jobs says which part this is"],
    [["--for", "10m", "--seeds", "5"], "they contradict each other"],
    [["--ledger", "/proc/no/ledger"], "cannot be written to"],
    [["--blob", "/proc/no/blob"], "cannot be written to"],
  ])("%j is refused before anything runs", async (args, why) => {
    const cwd = temporaryFolder();
    const end = await runCommand(["campaign", "counter-locked", ...args, ...inThread], { cwd });
    expect(end).toMatchObject({ exitCode: 2, out: "" });
    expect(end.error).toContain(why);
  });

  test("a damaged ledger is refused, and left as it was", async () => {
    const cwd = temporaryFolder();
    writeFileSync(join(cwd, "ledger"), "seeds, seeds, seeds\n".repeat(300));
    const end = await runCommand(["campaign", "counter-locked", "--ledger", "ledger", ...inThread], { cwd });
    expect(end).toMatchObject({ exitCode: 2, out: "" });
    expect(end.error).toBe(
      "stormlane: --ledger ledger: is no ledger; name a ledger, or a file that does not exist, with --ledger\n",
    );
    expect(readFileSync(join(cwd, "ledger"), "utf8")).toBe("seeds, seeds, seeds\n".repeat(300));
    expect(filesBelow(cwd).filter((name) => name.endsWith("-wal"))).toEqual([]);
  });
});
