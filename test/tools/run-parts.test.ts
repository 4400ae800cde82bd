import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Evidence, Findings } from "../../tools/proof/evidence.ts";
import { runParts, type Part } from "../../tools/proof/run-parts.ts";

const found: Findings = { facts: { seeds: 7 }, problems: [] };

function part(name: string, find: () => Promise<Findings>): Part {
  return { name, title: `The ${name}`, command: `npm run ${name}`, find };
}

describe("a proof", () => {
  let folder = "";
  let said: string[] = [];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "proof-"));
    said = [];
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const prove = (...parts: readonly Part[]): Promise<number> => {
    let nowMs = Date.UTC(2026, 0, 5);
    return runParts(parts, {
      commit: "c0ffee",
      node: "v24.0.0",
      host: "linux x64, 2 cores, 8 GB",
      folder,
      nowMs: () => (nowMs += 1_250),
      say: (line) => void said.push(line),
    });
  };
  const evidenceOf = (name: string): Evidence =>
    JSON.parse(readFileSync(join(folder, `${name}.json`), "utf8")) as Evidence;

  test("has exit code 0 when every part passes, and says of each how it was made", async () => {
    expect(await prove(part("first", async () => found))).toBe(0);
    expect(evidenceOf("first")).toMatchObject({
      ok: true,
      command: "npm run first",
      commit: "c0ffee",
      node: "v24.0.0",
      host: "linux x64, 2 cores, 8 GB",
      date: "2026-01-05T00:00:02.500Z",
      wallSeconds: 1.3,
      facts: { seeds: 7 },
    });
  });

  test("has exit code 1 when one part finds a problem, and still does the others", async () => {
    const wrong: Findings = { ...found, problems: ["a seed failed"] };
    const parts = [part("first", async () => wrong), part("second", async () => found)];
    expect(await prove(...parts)).toBe(1);
    expect(readdirSync(folder).toSorted()).toEqual(["first.json", "first.md", "second.json", "second.md"]);
    expect([evidenceOf("first").ok, evidenceOf("second").ok]).toEqual([false, true]);
    expect(said.at(-1)).toContain("FAILED: first");
  });

  test("counts a part that breaks down as failed, with evidence of that", async () => {
    const broken = part("first", () => Promise.reject(new Error("no such file")));
    expect(
      await prove(
        broken,
        part("second", async () => found),
      ),
    ).toBe(1);
    expect(evidenceOf("first")).toMatchObject({ ok: false, problems: ["no such file"] });
  });
});

describe("the proof tool", () => {
  const proof = (...args: string[]): Promise<{ exitCode?: number | undefined; stderr: string }> =>
    execa(process.execPath, ["tools/proof.ts", ...args], { reject: false });

  test("refuses what it does not know, and names what there is", { timeout: 60_000 }, async () => {
    const part = await proof("--only", "campaing");
    expect(part).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("use campaign, million") });
    expect(await proof("--seeds", "none")).toMatchObject({ exitCode: 2 });
    expect(await proof("--share", "large")).toMatchObject({ exitCode: 2 });
  });
});
