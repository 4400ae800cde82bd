import { cpSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { UserProject } from "./user-project.ts";

const example = fileURLToPath(new URL("../../../examples/vitest", import.meta.url));
let project: UserProject;

beforeAll(async () => {
  project = await UserProject.create("24");
  for (const part of ["src", "test", "tsconfig.json"]) {
    cpSync(join(example, part), join(project.folder, part), { recursive: true });
  }
  const manifest = readFileSync(join(example, "package.json"), "utf8");
  project.write("package.json", manifest.replace("file:../..", inject("tarball")));
  await project.install();
});

afterAll(() => project.remove());

test("the example of stormlane/vitest type-checks", async () => {
  expect(await project.run("npm", "run", "--silent", "types")).toMatchObject({ exitCode: 0, stdout: "" });
});

test("the example of stormlane/vitest holds, and its mistake is found and replays", async () => {
  const held = await project.run("npm", "test");
  expect(held.exitCode, held.stdout).toBe(0);
  const withMistake = ["env", "CLAIM=looking", "NO_COLOR=1"] as const;
  const found = await project.run(...withMistake, "npm", "test");
  expect(found.exitCode, found.stdout).toBe(1);
  const title = /FAILED {2}answers, seed \d+, .*: answered-once: comments/.exec(found.stderr)?.[0];
  const [, command] = /^ {2}replay: npx (vitest run test\/answers\.test\.ts -t '.*')$/m.exec(found.stderr) ?? [];
  expect(command, found.stderr).toBeDefined();
  const replayed = await project.run(...withMistake, "sh", "-c", `npx --no-install ${command}`);
  expect(replayed.exitCode).toBe(1);
  expect(replayed.stderr).toContain(title);
  expect(replayed.stderr).toContain("which failed so before");
});
