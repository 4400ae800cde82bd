import { appendFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { execute, repository, vitestPath } from "../vitest/run-suite.ts";
import { differencesOf, filesBelow } from "./checkout.ts";

describe("the check that tests leave the checkout alone", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "stormlane-checkout-"));
    for (const path of ["src/deep", "reports/out", "reports/corpus", "test/clients/node_modules", ".git", "dist"]) {
      mkdirSync(join(folder, path), { recursive: true });
    }
    for (const path of ["src/deep/a.ts", "src/b.ts", "reports/corpus/c.json"])
      writeFileSync(join(folder, path), "one\n");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function differencesBy(touch: () => void): string[] {
    const before = filesBelow(folder);
    touch();
    return differencesOf(before, filesBelow(folder));
  }

  test("finds nothing where nothing was written", () => {
    expect(differencesBy(() => {})).toEqual([]);
  });

  test("finds what is new, gone and changed, at any depth", () => {
    const touched = differencesBy(() => {
      writeFileSync(join(folder, "notes.txt"), "");
      mkdirSync(join(folder, "src/new/deep"), { recursive: true });
      writeFileSync(join(folder, "src/new/deep/d.ts"), "");
      rmSync(join(folder, "src/b.ts"));
      appendFileSync(join(folder, "src/deep/a.ts"), "two\n");
    });
    expect(touched).toEqual([
      "notes.txt is new",
      "src/b.ts is gone",
      "src/deep/a.ts has changed",
      "src/new/deep/d.ts is new",
    ]);
  });

  test("finds a file that was written anew with as many bytes", () => {
    const path = join(folder, "reports/corpus/c.json");
    expect(differencesBy(() => utimesSync(path, 1, 1))).toEqual(["reports/corpus/c.json has changed"]);
  });

  test("leaves reports, packages, the build and git alone, and follows no link", () => {
    symlinkSync(folder, join(folder, "src/round"));
    const written = ["reports/out/a.xml", "test/clients/node_modules/a.js", ".git/index", "dist/a.js"];
    expect(differencesBy(() => written.forEach((path) => writeFileSync(join(folder, path), "")))).toEqual([]);
  });
});

describe("a run of tests that all pass, of which one wrote to the checkout,", () => {
  const runIn = async (env: Readonly<Record<string, string>>): Promise<{ exitCode: number; output: string }> => {
    const checkout = mkdtempSync(join(tmpdir(), "stormlane-checkout-"));
    onTestFinished(() => rmSync(checkout, { recursive: true }));
    const args = [vitestPath, "run", "--root", join(repository, "test/suite/suites"), "writes-beside-itself"];
    return execute(args, { cwd: checkout, env: { WRITTEN: join(checkout, "written.txt"), ...env } });
  };

  test("fails in CI, and says where", async () => {
    const { exitCode, output } = await runIn({ CI: "true" });
    expect(output).toContain("1 passed");
    expect(output).toContain("tests wrote to the checkout: written.txt is new\n");
    expect(exitCode).toBe(1);
  });

  test("passes elsewhere, where somebody may be editing", async () => {
    expect(await runIn({ CI: "" })).toMatchObject({ exitCode: 0 });
  });
});
