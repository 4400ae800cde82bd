import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { codeHash } from "../../../src/cli/code-hash.ts";
import type { Host } from "../../../src/cli/host.ts";
import { probeSystem } from "../../../src/cli/system/probe-system.ts";
import { startTrouble } from "../../../src/cli/system/start-trouble.ts";
import { readSystemConfig } from "../../../src/cli/system/system-config.ts";
import { systemScenario } from "../../../src/cli/system/system-scenario.ts";
import { withSystem } from "../../../src/cli/system/system-url.ts";
import { sampleProgramFaults } from "../../../fakes/cli/program-fault.ts";
import { serviceFaultNames } from "../../../fakes/llm/service-fault.ts";
import { Explorer } from "../../../src/explore/explorer.ts";
import { inMacrotask } from "../../../src/kernel/settle.ts";
import { runCaseNow } from "../../../src/sim/run-case.ts";
import { runCommand, temporaryFolder } from "../run-command.ts";

const example = fileURLToPath(new URL("../../../examples/in-process/", import.meta.url));

function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder();
  for (const [name, text] of Object.entries({ "package.json": `{"type":"module"}`, ...files })) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

test("finds the race of the example, whose replay command shows the same failure again", async () => {
  const cwd = temporaryFolder();
  const system = relative(cwd, join(example, "race.json"));
  const end = await runCommand(["run", "--system", system, "--seeds", "60", "--workers", "0", "--no-explain"], { cwd });
  expect(end.exitCode).toBe(1);
  expect(end.out).toContain("comment-twice: a card");
  const [, repro] = /replay: .* replay (\S+\.json) --system \S*race\.json/.exec(end.out) ?? [];
  const again = await runCommand(["replay", repro!, "--system", system], { cwd });
  expect(again.out.trimEnd().split("\n").at(-1)).toBe("same failure: comment-twice: a card");
  expect(again.out).toContain(`${repro} --system ${system}`);
});

test("finds nothing in the example once it is mended", async () => {
  const cwd = temporaryFolder();
  const system = join(example, "fixed.json");
  const args = ["run", "--system", system, "--seeds", "60", "--workers", "0", "--double-runs", "50%", "--json"];
  const end = await runCommand(args, { cwd });
  expect(JSON.parse(end.out)).toMatchObject({ ok: true, seeds: { run: 60 }, determinism: { mismatches: 0 } });
});

test.each([
  ["board", ["database-locked", "database-locked-after-effect", "refused", "unauthorized"]],
  ["model", serviceFaultNames],
] as const)("a system that asks for troubles of the family %s gets them, and no others", async (family, names) => {
  const config = readSystemConfig(join(example, "orchestrator.ts"));
  const scenario = systemScenario({ ...config, faults: { ...config.faults, families: [family] } });
  const explorer = new Explorer(scenario, "portfolio", runCaseNow);
  const struck = new Set<string>();
  for (let seed = 1; seed <= 40; seed++) {
    await inMacrotask(() => {
      const { case: input, exploration } = explorer.plan(seed);
      for (const fault of runCaseNow(scenario, input, exploration).realised().faults) {
        expect(fault.kind).toBe("service-fault");
        if (fault.kind === "service-fault") struck.add(fault.name);
      }
    });
  }
  expect(struck.size).toBeGreaterThan(1);
  expect(names).toEqual(expect.arrayContaining([...struck]));
});

test("single faults of a family are left out, and all others strike at the named places and processes alone", () => {
  const files = { "a.ts": "setInterval(() => {}, 1_000);" };
  const faults = {
    families: ["board", "model", "program", "crash"],
    processes: ["a"],
    seams: ["board", "model", "spawn"],
    without: { board: ["unauthorized"], model: ["invalid-key"], program: ["hang"] },
  };
  const processes = { a: { entry: "a.ts" }, b: { entry: "a.ts" } };
  const folder = folderOf({ ...files, "system.json": JSON.stringify({ processes, faults }) });
  const settings = systemScenario(readSystemConfig(join(folder, "system.json"))).faults;
  expect(settings).toMatchObject({
    families: faults.families,
    faultsMax: 2,
    victims: ["a"],
    seams: faults.seams,
    serviceFaults: {
      board: ["database-locked", "database-locked-after-effect", "refused"],
      model: serviceFaultNames.filter((name) => name !== "invalid-key"),
    },
    programBehaviours: sampleProgramFaults.filter(({ kind }) => kind !== "hang"),
  });
});

test.each<[what: string, files: Record<string, string>, trouble: RegExp | undefined]>([
  ["throws on import", { "main.ts": `throw new Error("no key");` }, /^main throws when it starts: Error: no key$/],
  [
    "throws in what it imports",
    { "main.ts": `import "./a.ts";`, "a.ts": `throw new Error("no key");` },
    /throws when it starts: Error: no key/,
  ],
  ["never settles", { "main.ts": `await new Promise(() => {});` }, /^main never settles/],
  ["does nothing", { "main.ts": `export const a = 1;` }, /^main does nothing/],
  ["exits at once", { "main.ts": `process.exit(0);` }, /^main exits at once, with exit code 0$/],
  ["exits with a code", { "main.ts": `process.exit(4);` }, /^main exits at once, with exit code 4$/],
  [
    "opens a real socket",
    { "main.ts": `import net from "node:net"; net.connect(80);` },
    /^calls net\.connect \(called at main\.ts:1:\d+\)/,
  ],
  [
    "asks a service that there is none of",
    { "main.ts": `await fetch("https://a.example.com");` },
    /no service is there/,
  ],
  ["goes on", { "main.ts": `setInterval(() => {}, 1_000);` }, undefined],
])("a system that %s is told of before any seed is spent", async (_what, files, why) => {
  const config = readSystemConfig(join(folderOf(files), "main.ts"));
  const scenario = systemScenario(config);
  const [workload] = scenario.workloads.scripted;
  const input = { scenario: "main", drawSeed: 1, workload: workload!, faults: [], preemptions: [], delays: [] };
  const outcome = await inMacrotask(() => runCaseNow({ ...scenario, invariants: [] }, input));
  const trouble = startTrouble(outcome, Object.keys(config.processes));
  if (why === undefined) expect(trouble).toBeUndefined();
  else expect(trouble?.why).toMatch(why);
});

test("a system that never gives the turn back is ended", async () => {
  const path = join(folderOf({ "main.ts": `for (;;);` }), "main.ts");
  await expect(probeSystem(path, "--system main.ts", 300)).rejects.toThrow(
    /^--system main\.ts: never gives the turn back/,
  );
});

const badFaults: readonly [what: string, faults: object, message: RegExp][] = [
  [
    "leaves out a fault that there is none of",
    { families: ["board"], without: { board: ["unautorized"] } },
    /faults\.without\.board: there is no unautorized; did you mean unauthorized\?/,
  ],
  [
    "leaves out a fault of a family that it does not have",
    { without: { model: ["invalid-key"] } },
    /faults\.without\.model: the family model is not among faults\.families/,
  ],
  [
    "leaves nothing of a family",
    {
      families: ["board"],
      without: { board: ["unauthorized", "database-locked", "database-locked-after-effect", "refused"] },
    },
    /faults\.without\.board: leaves nothing of the family; leave board out of faults\.families/,
  ],
  ["strikes a process that there is none of", { processes: ["b"] }, /faults\.processes: there is no b/],
  ["names a family that there is none of", { families: ["network"] }, /faults\.families\.0: /],
];

test.each<[what: string, files: Record<string, string>, named: string, message: RegExp]>([
  ["is not there", {}, "main.ts", /main\.ts: does not exist/],
  ["is a folder", { "main/a.ts": "" }, "main", /is not a file/],
  ["is in another language", { "main.py": "" }, "main.py", /neither TypeScript or JavaScript nor JSON.*stormlane live/],
  ["cannot be parsed", { "main.ts": "const = 3;" }, "main.ts", /main\.ts: .*; mend the syntax/s],
  [
    "imports what is not there",
    { "main.ts": `import "./a.ts";` },
    "main.ts",
    /imports \.\/a\.ts, which is not there; install it/,
  ],
  [
    "needs a native module",
    { "main.ts": `import "./a.node";`, "a.node": "" },
    "main.ts",
    /a\.node: a native module.*stormlane live/,
  ],
  ["is not JSON", { "main.json": "{" }, "main.json", /is not JSON/],
  ["names no process", { "main.json": `{"processes":{}}` }, "main.json", /processes: names none/],
  ["has a member that there is none of", { "main.json": `{"processes":{},"proceses":{}}` }, "main.json", /proceses/],
  [
    "names a file that is not there",
    { "main.json": `{"processes":{"a":{"entry":"a.ts"}}}` },
    "main.json",
    /processes\.a\.entry: there is no a\.ts/,
  ],
  ...badFaults.map(([what, faults, message]): [string, Record<string, string>, string, RegExp] => [
    what,
    { "a.ts": "", "main.json": JSON.stringify({ processes: { a: { entry: "a.ts" } }, faults }) },
    "main.json",
    message,
  ]),
  [
    "takes the name of people",
    { "a.ts": "", "main.json": `{"processes":{"people":{"entry":"a.ts"}}}` },
    "main.json",
    /processes\.people/,
  ],
])("a file that %s is the user's mistake", async (_what, files, named, message) => {
  const cwd = folderOf(files);
  const end = await runCommand(["run", "--system", named, "--seeds", "1", "--workers", "0"], { cwd });
  expect(end.exitCode).toBe(2);
  expect(end.error).toMatch(message);
});

test("a config says which processes there are, what they find, and what lies on the disk", async () => {
  const folder = folderOf({
    "poll.ts": `import fs from "node:fs"; console.log("poll", process.argv[2], process.env.LANE, process.env.KANBOARD_TOKEN, fs.readFileSync("prompts/a.md", "utf8")); setInterval(() => {}, 1_000);`,
    "listen.ts": `import http from "node:http"; http.createServer((request, response) => { console.log("heard", request.url!.split("?")[0]); response.end(); }).listen(process.env.PORT);`,
    "prompts/a.md": "plan",
    "system.json": JSON.stringify({
      name: "two",
      processes: {
        poller: { entry: "./poll.ts", args: ["fast"], env: { LANE: "Ready" } },
        listener: { entry: "./listen.ts" },
      },
      webhookPath: "/hook",
      files: ["prompts/a.md"],
      forMs: 5_000,
    }),
  });
  const scenario = systemScenario(readSystemConfig(join(folder, "system.json")));
  const workload = { cards: [{ atMs: 100, column: 1 }], moves: [] };
  const input = { scenario: "two", drawSeed: 1, workload, faults: [], preemptions: [], delays: [] };
  const { history, verdict } = await inMacrotask(() => runCaseNow(scenario, input));
  expect(verdict).toEqual({ kind: "held" });
  const printed = history.events.flatMap((event) =>
    event.kind === "note" && event.name === "console.log" ? [event.fields["text"]] : [],
  );
  expect(printed).toEqual(["poll fast Ready board-token plan", "heard /hook"]);
});

test("the hash of the code follows the system's own files, and no others that lie beside them", async () => {
  const folder = folderOf({
    "main.ts": `import { a } from "./a";\nsetInterval(() => a, 1_000);`,
    "a.ts": "export const a = 1;",
  });
  const url = withSystem({ cwd: folder } as Host, "main.ts").catalogueUrl;
  const before = await codeHash(url);
  writeFileSync(join(folder, "ledger.sqlite"), "1");
  expect(await codeHash(url)).toBe(before);
  writeFileSync(join(folder, "a.ts"), "export const a = 2;");
  expect(await codeHash(url)).not.toBe(before);
});
