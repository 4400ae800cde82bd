import { expect, test } from "vitest";
import { linesOf } from "../project.ts";

test("clients take the process for one of Node's, by the tag that tells it from a browser's", async () => {
  const code = `console.log(Object.prototype.toString.call(globalThis.process), typeof process.versions.node);`;
  expect(await linesOf({ "main.ts": code })).toEqual(["[object process] string"]);
});
