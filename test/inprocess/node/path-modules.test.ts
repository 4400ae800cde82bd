import { expect, test } from "vitest";
import { linesOf } from "../project.ts";

test("relative paths begin in the folder of the simulated process", async () => {
  const code = `
    import path from "node:path";
    import * as posix from "node:path/posix";
    import { pathToFileURL } from "node:url";
    console.log(path.resolve("a", "b"), path.posix.resolve(), posix.resolve("c"), path.relative("", "/app/d"), path.relative("/x", "e"));
    process.chdir("/tmp");
    console.log(path.resolve("a"), path.resolve("/b", "c"), path.relative("/app", "f"), path.join("g", "h"), path.sep);
    console.log(pathToFileURL("i/").href, pathToFileURL("/j").href);`;
  expect(await linesOf({ "main.ts": code })).toEqual([
    "/app/a/b /app /app/c d ../app/e",
    "/tmp/a /b/c ../tmp/f g/h /",
    "file:///tmp/i/ file:///j",
  ]);
});
