import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeEach, describe, expect, test } from "vitest";
import type { Repro } from "../../src/cli/repro-file.ts";
import { journalLines, readJournal } from "../../src/history/journal.ts";
import { filesBelow, runCommand, temporaryFolder, type CommandEnd } from "./run-command.ts";

let cwd = "";
let repro: Repro;

beforeEach(async () => {
  cwd = temporaryFolder();
  await runCommand(["run", "counter-racy", "--workers", "0"], { cwd });
  const [file] = filesBelow(join(cwd, "reports/out"));
  repro = JSON.parse(readFileSync(join(cwd, "reports/out", file!), "utf8")) as Repro;
});

function replay(changed: unknown, ...flags: string[]): Promise<CommandEnd> {
  writeFileSync(join(cwd, "repro.json"), typeof changed === "string" ? changed : JSON.stringify(changed));
  return runCommand(["replay", "repro.json", ...flags], { cwd });
}

describe("a replay says", () => {
  test("same failure, with 1, when it is", async () => {
    const { exitCode, out } = await replay(repro);
    expect(exitCode).toBe(1);
    expect(out.trimEnd().split("\n").at(-1)).toBe("same failure: C1: counter");
  });

  test("another failure, with 1, when the place or the rule is another", async () => {
    const { exitCode, out } = await replay({ ...repro, expected: { ...repro.expected, signature: "C1: elsewhere" } });
    expect(exitCode).toBe(1);
    expect(out).toContain("another failure: C1: counter; expected was C1: elsewhere");
  });

  test("no longer fails, with 0, when all that the case forces came to pass and the run holds", async () => {
    const input = { ...repro.case, faults: [], preemptions: [], delays: [] };
    const { exitCode, out } = await replay({ ...repro, case: input });
    expect(exitCode).toBe(0);
    expect(out).toContain("no longer fails: expected was C1: counter");
  });

  test("no longer reachable, with 1 and the place, when something that the case forces never came to pass", async () => {
    const site = "left@0/main/disk.write(/gone)#0";
    const input = { ...repro.case, faults: [{ kind: "pause", durationMs: 5, site }], preemptions: [], delays: [] };
    const { exitCode, out } = await replay({ ...repro, case: input });
    expect(exitCode).toBe(1);
    expect(out).toContain(`no longer reachable at ${site}`);
  });

  test("holds, with 0, for a case that is kept because it failed once", async () => {
    const input = { ...repro.case, faults: [], preemptions: [], delays: [] };
    const { exitCode, out } = await replay({
      ...repro,
      case: input,
      expected: { ...repro.expected, signature: "held" },
    });
    expect(exitCode).toBe(0);
    expect(out).toContain("holds, as expected");
  });
});

describe("a file that is no repro", () => {
  test.each<[string, () => unknown, string]>([
    ["truncated", () => JSON.stringify(repro).slice(0, 200), "is not JSON"],
    ["foreign", () => ({ name: "left-pad", version: "1.0.0" }), "is not a repro file"],
    ["a list", () => [1, 2], "is not a repro file"],
    [
      "of another format",
      () => ({ ...repro, format: 7, stormlane: "9.0.0" }),
      "has format 7, written by stormlane 9.0.0",
    ],
    [
      "of a scenario that is gone",
      () => ({ ...repro, case: { ...repro.case, scenario: "gone" } }),
      "scenario gone no longer",
    ],
    ["of a mutant that is gone", () => ({ ...repro, mutant: "F99" }), "mutant F99 no longer exists"],
    [
      "of a workload that no longer fits",
      () => ({ ...repro, case: { ...repro.case, workload: "x" } }),
      "no longer fits",
    ],
    [
      "with an unknown fault",
      () => ({ ...repro, case: { ...repro.case, faults: [{ kind: "flood", site: "s" }] } }),
      "case.faults.0",
    ],
    [
      "with a step that is no number",
      () => ({ ...repro, case: { ...repro.case, delays: [{ site: "s", step: "1", extraUs: 1 }] } }),
      "case.delays.0.step",
    ],
    ["with a misspelt field", () => ({ ...repro, case: { ...repro.case, fault: [] } }), "is damaged"],
  ])("being %s, is refused in one line, with 2", async (_, changed, expected) => {
    const { exitCode, out, error } = await replay(changed());
    expect({ exitCode, out }).toEqual({ exitCode: 2, out: "" });
    expect(error).toMatch(/^stormlane: repro\.json: .+; .+\n$/);
    expect(error).toContain(expected);
  });
});

describe("a replay shows", () => {
  test("the state of files and processes at the end, and at an event", async () => {
    const atEnd = await replay(repro, "--show", "files,processes,board");
    expect(atEnd.out).toMatch(/\/counter\s+1\s+[0-9a-f]{8}\s+(left|right)/);
    expect(atEnd.out).toContain("board: nothing");
    const early = await replay(repro, "--show", "files", "--until", "3");
    expect(early.out).toContain("files: nothing");
  });

  test("every event on a line of its own when asked for the trace, and none behind --until", async () => {
    const { out } = await replay(repro, "--trace", "--until", "6");
    const lines = out
      .split("\n")
      .filter((line) => /^\s+\d+ {2}.*(sent|process|answered|change|note|effect|fault) /.test(line));
    expect(lines).toHaveLength(7);
  });

  test("why it fails when asked to explain, in words and in the document", async () => {
    const { out } = await replay(repro, "--explain");
    expect(out).toMatch(/ {2}What it takes .*\n {4}necessary {2}preemption: /);
    expect(out).toMatch(/lost at {4}step \d+ of \d+, /);
    const { exitCode, out: json } = await replay(repro, "--explain", "--json");
    const { explanation } = JSON.parse(json) as { explanation: { elements: { role: string }[]; executions: number } };
    expect(exitCode).toBe(1);
    expect(explanation.elements.map(({ role }) => role)).toEqual(["necessary"]);
    expect(explanation.executions).toBeLessThanOrEqual(2_000);
  });

  test("all of it as one document, the same each time", async () => {
    const first = await replay(repro, "--json");
    const second = await replay(repro, "--json");
    expect(second).toEqual(first);
    expect(JSON.parse(first.out)).toMatchObject({ version: 1, result: "same-failure", ok: false, case: repro.case });
  });
});

describe("a seed", () => {
  test("gives the failure that the campaign found", async () => {
    const { exitCode, out } = await runCommand(["replay", `counter-racy:${repro.foundBy.seed}`], { cwd });
    expect(exitCode).toBe(1);
    expect(out).toContain("same failure: C1: counter");
  });

  test("that holds ends with 0", async () => {
    const { exitCode, out } = await runCommand(["replay", "counter-locked:3"], { cwd });
    expect(exitCode).toBe(0);
    expect(out).toContain("holds, as expected");
  });
});

test("an old Node is told so in one line, with 2, before anything else is loaded", () => {
  const bin = readFileSync(fileURLToPath(new URL("../../src/cli/bin.ts", import.meta.url)), "utf8");
  const asOld = bin.replace("process.versions.node.split", '"20.19.4".split');
  expect(asOld).not.toBe(bin);
  // Its own import does not exist beside this copy: loading it would fail.
  writeFileSync(join(cwd, "bin.ts"), asOld);
  writeFileSync(join(cwd, "package.json"), '{"type":"module"}');
  let failure: { readonly status?: number; readonly stderr?: string } = {};
  try {
    execFileSync(process.execPath, ["bin.ts"], { cwd, encoding: "utf8", stdio: "pipe" });
  } catch (error) {
    failure = error as typeof failure;
  }
  expect(failure.status).toBe(2);
  expect(failure.stderr).toMatch(/^stormlane: Node .*: not supported; use .*\n$/);
});

describe("--journal", () => {
  test("writes the whole run as lines that a reader gives back", async () => {
    await replay(repro, "--journal", "run.jsonl", "--until", "3");
    const text = readFileSync(join(cwd, "run.jsonl"), "utf8");
    const { out } = await replay(repro, "--json");
    const { events } = (JSON.parse(out) as { stats: { events: number } }).stats;
    const read = readJournal(text);
    if (read.kind === "bad") throw new Error(`line ${read.line}: ${read.why}`);
    expect(read.events).toHaveLength(events);
    expect(read.header).toMatchObject({ scenario: "counter-racy", seed: repro.foundBy.seed });
    expect([...journalLines(read, read.header)].map((line) => `${line}\n`).join("")).toBe(text);
  });

  test("to where nothing can be written ends with 2", async () => {
    const { exitCode, error } = await replay(repro, "--journal", "no/such/folder.jsonl");
    expect(exitCode).toBe(2);
    expect(error).toContain("--journal");
  });
});
