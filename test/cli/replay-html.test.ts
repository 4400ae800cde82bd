import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { ViewerDocument } from "../../src/report/viewer/viewer-document.ts";
import { runCommand, temporaryFolder } from "./run-command.ts";

const built = "../../scenarios/index.ts" as const;

function shownBy(file: string): ViewerDocument {
  const [, data] = /id="run">(.*?)<\/script>/s.exec(readFileSync(file, "utf8"))!;
  return JSON.parse(data!) as ViewerDocument;
}

/** In a folder of its own, with a kept counterexample as `why.json`. */
function folderWithRepro(): string {
  const folder = temporaryFolder();
  const kept = new URL("../../reports/corpus/partial-spawn-F22.json", import.meta.url);
  writeFileSync(join(folder, "why.json"), readFileSync(kept));
  return folder;
}

describe("replay --html", () => {
  test("writes the viewer where it is told to, with the story and the run that holds, and says where", async () => {
    const cwd = folderWithRepro();
    const { exitCode, out, error } = await runCommand(["replay", "why.json", "--html", "page.html"], {
      cwd,
      catalogue: built,
    });
    expect(exitCode).toBe(1);
    expect(error).toContain("viewer: page.html\n");
    const shown = shownBy(join(cwd, "page.html"));
    expect(shown.title).toBe("partial-spawn, seed 43, mutant F22");
    expect(shown.violation).toMatchObject({ invariant: "I2", place: "EPIC-1/S1" });
    expect(shown.replayCommand).toBe("npx stormlane replay why.json");
    expect(shown.neighbour!.removed).toContain("partition");
    for (const line of shown.story) expect(out).toContain(line);
    expect(shown.explanation).toEqual([]);
  });

  test("names the file after the target when it is not told, and leaves standard output to JSON", async () => {
    const cwd = folderWithRepro();
    const { out } = await runCommand(["replay", "why.json", "--json", "--html"], { cwd, catalogue: built });
    expect(JSON.parse(out)).toMatchObject({ command: "replay" });
    expect(shownBy(join(cwd, "reports/out/why.html")).scenario).toBe("partial-spawn");
  });

  test("takes the explanation in where one is asked for", async () => {
    const cwd = folderWithRepro();
    await runCommand(["replay", "why.json", "--explain", "--html", "page.html"], { cwd, catalogue: built });
    expect(shownBy(join(cwd, "page.html")).explanation.join("\n")).toContain("without");
  });

  test.each([
    [["why.json", "--html", "why.json"], "name a file that ends in .html, or none"],
    [["why.json", "--html", "no/such/folder/page.html"], "name a file in a folder that is there"],
  ])("refuses %j, and leaves everything as it was", async (args, fix) => {
    const cwd = folderWithRepro();
    const before = readFileSync(join(cwd, "why.json"), "utf8");
    const { exitCode, error } = await runCommand(["replay", ...args], { cwd, catalogue: built });
    expect(exitCode).toBe(2);
    expect(error).toContain(fix);
    expect(readFileSync(join(cwd, "why.json"), "utf8")).toBe(before);
    expect(readdirSync(cwd)).toEqual(["why.json"]);
    expect(existsSync(join(cwd, "no"))).toBe(false);
  });
});
