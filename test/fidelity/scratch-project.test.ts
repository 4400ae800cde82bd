import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { copyProject, filesBelow, ProjectTooLarge } from "../../src/fidelity/scratch-project.ts";

let folder = "";
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "stormlane-")));
  for (const each of ["house/app/src", "house/app/node_modules/near", "house/node_modules/far", "scratch"]) {
    mkdirSync(join(folder, each), { recursive: true });
  }
  writeFileSync(join(folder, "house/app/src/main.js"), "run();");
  writeFileSync(join(folder, "house/app/node_modules/near/index.js"), "module.exports = 'near';");
  writeFileSync(join(folder, "house/node_modules/far/index.js"), "module.exports = 'far';");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const copied = (): string => copyProject(join(folder, "house/app"), join(folder, "scratch"));

test("a copy has the project's files, and what is written there reaches no file of the user's", () => {
  const copy = copied();
  expect(readFileSync(join(copy, "src/main.js"), "utf8")).toBe("run();");
  writeFileSync(join(copy, "src/main.js"), "spoilt");
  expect(readFileSync(join(folder, "house/app/src/main.js"), "utf8")).toBe("run();");
});

test("packages are found in the project and above it, as in the original", () => {
  const require = createRequire(join(copied(), "src/main.js"));
  const names = ["near", "far"];
  expect(names.map((name) => require(name) as string)).toEqual(names);
});

test("a project that is too large is refused", () => {
  writeFileSync(join(folder, "house/app/model.bin"), "");
  truncateSync(join(folder, "house/app/model.bin"), 65 * 1024 ** 2);
  expect(copied).toThrow(ProjectTooLarge);
});

test("files are told by their texts, links by where they lead; packages and repositories are not gone into", () => {
  const copy = copied();
  mkdirSync(join(copy, ".git"));
  writeFileSync(join(copy, ".git/HEAD"), "ref");
  symlinkSync("main.js", join(copy, "src/link.js"));
  expect(existsSync(join(copy, "node_modules/near"))).toBe(true);
  expect(Object.fromEntries(filesBelow(copy))).toEqual({ "/src/main.js": "run();", "/src/link.js": "-> main.js" });
});
