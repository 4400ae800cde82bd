import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { repeatPlainly } from "./plain-repetition.ts";

test("each try starts in an empty folder, waits for whoever starts earlier, and counts when somebody says it", async () => {
  const folder = mkdtempSync(join(tmpdir(), "stormlane-plain-repetition-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  file("first.cjs", `require("node:fs").writeFileSync("told", process.argv[2], { flag: "wx" });`);
  file("second.cjs", `throw new Error(require("node:fs").readFileSync("told", "utf8"));`);
  const first = { entry: "./first.cjs", args: ["by the first"] };
  const processes = { second: { entry: "./second.cjs", startAfterMs: 1_000 }, first };
  const path = file("system.json", JSON.stringify({ processes }));
  expect(await repeatPlainly(path, 2, /Error: by the first/)).toMatchObject({ tries: 2, hits: 2 });
  expect(await repeatPlainly(path, 1, /Error: by nobody/)).toMatchObject({ tries: 1, hits: 0 });
});
