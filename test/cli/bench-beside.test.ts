import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runCommand } from "./run-command.ts";

let cwd: string;

beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), "stormlane-beside-"));
});

afterAll(() => rmSync(cwd, { recursive: true, force: true }));

/** Another clone, with benchmarks of these samples. */
function clone(name: string, samples: Readonly<Record<string, number>>): string {
  const folder = join(cwd, name, "test/bench/bodies");
  mkdirSync(folder, { recursive: true });
  const modules = Object.entries(samples).map(
    ([bench, value]) =>
      `{ name: ${JSON.stringify(bench)}, about: "", lane: "wall-clock", metrics: [${JSON.stringify(bench)}], run: async () => ({
        kind: "measured",
        metrics: { ${JSON.stringify(bench)}: { unit: "ns", isDeterministic: false, samples: [${value}] } },
      }) }`,
  );
  writeFileSync(join(folder, "index.ts"), `export const benches = [${modules.join(",\n")}];\n`);
  return name;
}

const quick = ["config parse", "--rounds", "8"];

describe("bench beside", () => {
  test("judges this clone by the other one, and gates the wall clock when it is asked to", async () => {
    const other = clone("much-faster", { "config parse": 1 });
    const advised = await runCommand(["bench", "beside", other, ...quick], { cwd });
    expect(advised).toMatchObject({ exitCode: 0, out: expect.stringContaining("wall-clock (advises): verdict: fail") });
    const gated = await runCommand(["bench", "beside", other, ...quick, "--gate", "--markdown", "table.md"], { cwd });
    expect(gated).toMatchObject({ exitCode: 1, out: expect.stringContaining("wall-clock (gates): verdict: fail") });
    expect(readFileSync(join(cwd, "table.md"), "utf8")).toContain("config parse: ");
  });

  test("has nothing against what became faster", async () => {
    const other = clone("slower", { "config parse": 1e9 });
    const { exitCode, out } = await runCommand(["bench", "beside", other, ...quick, "--gate"], { cwd });
    expect(exitCode).toBe(0);
    expect(out).toContain("verdict: ok");
  });

  test("calls what the other one does not have new", async () => {
    const other = clone("older", { "some other": 1 });
    const { exitCode, out } = await runCommand(["bench", "beside", other, ...quick, "--gate"], { cwd });
    expect(exitCode).toBe(0);
    expect(out).toContain("config parse: is new");
    expect(out).not.toContain("some other");
  });

  test.for([
    [["bench", "beside", "nowhere"], "no clone of this project"],
    [["bench", "beside", ".", "config purse"], "did you mean config parse?"],
    [["bench", "beside", ".", "--rounds", "7"], "out of range"],
  ] as const)("refuses %j", async ([args, why]) => {
    const { exitCode, error, out } = await runCommand(args, { cwd });
    expect({ exitCode, out }).toEqual({ exitCode: 2, out: "" });
    expect(error).toContain(why);
  });
});
