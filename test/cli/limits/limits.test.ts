import { describe, expect, test } from "vitest";
import type { LimitsReport } from "../../../src/limits/report.ts";
import { runStormlane, projectFolder } from "../project/project-folder.ts";
import { runCommand } from "../run-command.ts";

const real = "../../scenarios/index.ts" as const;
const limits = (...args: readonly string[]): ReturnType<typeof runCommand> =>
  runCommand(["limits", ...args], { cwd: process.cwd(), catalogue: real });

describe("limits", () => {
  test("says what a ramp holds, from where it degrades, with the command that shows it, and the same twice", async () => {
    const args = ["stories-per-epic", "--no-real", "--seeds", "2", "--json"];
    const [first, second] = [await limits(...args), await limits(...args)];
    expect(second.out).toBe(first.out);
    expect(first.exitCode).toBe(0);
    const report = JSON.parse(first.out) as LimitsReport & { readonly command: string };
    expect(report).toMatchObject({ version: 1, command: "limits", ok: true, findings: [] });
    expect(report).not.toHaveProperty("real");
    const [ramp] = report.ramps;
    expect(ramp).toMatchObject({ holdsUpTo: { level: 20 }, degradesFrom: { level: 21, seed: 0 } });
    expect(ramp?.degradesFrom?.why).toContain("childrenPerEpicMax");
    expect(ramp?.growth).toContainEqual(expect.objectContaining({ figure: "boardCalls", law: "linear", perUnit: 4 }));

    const shown = await limits(...(ramp?.degradesFrom?.command ?? "").split(" limits ")[1]!.split(" "));
    expect(shown.out).toContain("stories-per-epic at 21 stories, seed 0: degrades: limit childrenPerEpicMax reached");
    expect(shown.exitCode).toBe(1);
    expect((await limits("stories-per-epic", "--level", "20")).exitCode).toBe(0);
  });

  test("tells of a bug that is put in, as text and as Markdown, and ends with 1", async () => {
    const found = await limits("limit:children-per-epic-max", "--mutant", "F36");
    expect(found.exitCode).toBe(1);
    expect(found.out).toContain("1. unenforced-limit: Nothing enforces childrenPerEpicMax.");
    expect(found.out).toMatch(/shown again by: .* limits limit:children-per-epic-max --mutant F36\n/);
    const markdown = await limits("limit:children-per-epic-max", "--mutant", "F36", "--markdown");
    expect(markdown.out).toMatch(/^# Limits\n\n1 found in 0 ramps and 1 explicit limits\./);
    expect(markdown.out).toContain("| children-per-epic-max | unenforced |");
  });

  test("lists what there is", async () => {
    const { out, exitCode } = await limits("--list");
    expect(exitCode).toBe(0);
    for (const name of ["stories-per-epic", "fork-failures", "limit:agent-ms-max"]) expect(out).toContain(name);
  });

  test.for([
    [["stories-per-epc"], "ramp stories-per-epc: there is none of that name; did you mean stories-per-epic?"],
    [["xylophone"], "see limits --list"],
    [["stories-per-epic", "--level", "0"], "--level 0: stories-per-epic goes from 1 to 1000 stories"],
    [["stories-per-epic", "--ramp-max", "5000"], "--ramp-max 5000: stories-per-epic goes from 1 to 1000 stories"],
    [["stories-per-epic", "--ramp-max", "many"], "--ramp-max many: not a whole number"],
    [["--level", "3"], "--level 3: a level is one of a single ramp"],
    [["limit:agent-ms-max", "--level", "3"], "--level 3: a level is one of a single ramp"],
    [["--seeds", "0"], "--seeds 0: out of range"],
    [["--mutant", "F0"], "--mutant F0: there is none of that id"],
    [["--json", "--markdown"], "--json and --markdown were both given"],
  ] as const)("refuses %j", async ([args, message]) => {
    const { exitCode, error, out } = await limits(...args);
    expect(error).toContain(message);
    expect({ exitCode, out }).toEqual({ exitCode: 2, out: "" });
  });
});

const queue = `import { defineScenario, fc, noCrash } from "stormlane";

export default defineScenario({
  name: "queue",
  workload: fc.constant({ items: 2 }),
  system: {
    worker: async (ports, { items }) => {
      for (let item = 0; item < items; item++) {
        // Each item is compared with all before it.
        for (let other = 0; other < item; other++) await ports.files.readText("/srv/" + other, { key: item + " " + other });
        if (item >= 40) throw new Error("no room");
        await ports.files.write("/srv/" + item, "x");
      }
    },
  },
  files: { "/srv/": "" },
  invariants: [noCrash],
  ramps: [{ name: "items", unit: "items", to: 64, promised: 32, workload: (level) => ({ items: level }) }],
});
`;

test("a user's scenario is tried by its own ramps and by those that need nothing of it", async () => {
  const folder = projectFolder({
    "stormlane.config.json": "{}",
    "scenarios/queue/scenario.ts": queue,
  });
  const listed = await runStormlane(["limits", "--list", "--json"], folder);
  const names = (JSON.parse(listed.out) as { ramps: { name: string }[] }).ramps.map(({ name }) => name);
  expect(names).toEqual(["queue:items", "queue:error-rate", "queue:latency", "queue:outage", "queue:fork-failures"]);
  const args = ["limits", "queue:items", "queue:latency", "--no-real", "--seeds", "1", "--json"];
  const { out, error, exitCode } = await runStormlane(args, folder);
  expect(error).not.toContain("our own code");
  expect(exitCode).toBe(1);
  const { ramps, findings } = JSON.parse(out) as LimitsReport;
  expect(ramps[1]).toMatchObject({ name: "queue:latency", holdsUpTo: { level: 25_600 } });
  expect(ramps[0]).toMatchObject({ holdsUpTo: { level: 40 }, breaksAt: { level: 41 } });
  expect(ramps[0]!.breaksAt!.why).toContain("no-crash");
  expect(ramps[0]!.breaksAt!.command).toBe("npx stormlane limits queue:items --level 41 --seed 0");
  expect(findings).toEqual([expect.objectContaining({ kind: "growth", of: "queue:items" })]);
  expect(findings[0]!.title).toContain("ops grows quadratically");
});

test("over a budget of the project a system degrades, and the report says which budget it is", async () => {
  const board = `import { Body, defineScenario, fc, kanboard, noCrash } from "stormlane";

export default defineScenario({
  name: "notes",
  workload: fc.constant({ comments: 1 }),
  services: [kanboard({ cards: [{ title: "Card", reference: "A-1" }] })],
  system: {
    worker: async (ports, { comments }) => {
      for (let each = 0; each < comments; each++) {
        const params = { task_id: 1, user_id: 0, content: "Comment " + each };
        await ports.http.request({
          name: "board.createComment", key: "A-1", method: "POST", url: "http://board.test/jsonrpc.php", timeoutMs: 1_000,
          headers: { authorization: "Basic " + Buffer.from("jsonrpc:board-token").toString("base64") },
          body: Body.ofJson({ jsonrpc: "2.0", method: "createComment", id: 1, params }),
        });
      }
    },
  },
  invariants: [noCrash],
  ramps: [{ name: "comments", unit: "comments", to: 16, workload: (level) => ({ comments: level }) }],
});
`;
  const folder = projectFolder({
    "stormlane.config.json": `{ "budgets": { "commentsPerCard": 5 } }`,
    "scenarios/notes/scenario.ts": board,
  });
  const args = ["limits", "notes:comments", "--no-real", "--seeds", "1", "--json"];
  const { ramps } = JSON.parse((await runStormlane(args, folder)).out) as LimitsReport;
  expect(ramps[0]).toMatchObject({ holdsUpTo: { level: 5 }, degradesFrom: { level: 6 } });
  expect(ramps[0]!.degradesFrom!.why).toContain("budget commentsPerCard is 5 comments");
});

test("in a user's project the core has its prefix, and the command that is printed works there", async () => {
  const folder = projectFolder({ "stormlane.config.json": "{}", "scenarios/queue/scenario.ts": queue });
  const args = ["limits", "stormlane:stories-per-epic", "--ramp-max", "24", "--no-real", "--seeds", "1", "--json"];
  const { ramps } = JSON.parse((await runStormlane(args, folder)).out) as LimitsReport;
  const command = ramps[0]!.degradesFrom!.command;
  expect(command).toBe("npx stormlane limits stormlane:stories-per-epic --level 21 --seed 0");
  const shown = await runStormlane(command.split(" ").slice(2), folder);
  expect(shown.out).toContain("degrades: limit childrenPerEpicMax reached");
});

test("a ramp that cannot be is refused where it is written", async () => {
  const folder = projectFolder({
    "stormlane.config.json": "{}",
    "scenarios/queue/scenario.ts": queue.replace("to: 64", "from: 9, to: 8"),
  });
  const { error, exitCode } = await runStormlane(["limits"], folder);
  expect(error).toContain("ramps: 0: to: must be a whole number, and not below from");
  expect(exitCode).toBe(2);
});
