import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { afterEach, beforeEach, expect, test } from "vitest";
import { AssertionFailure } from "../../src/base/assert.ts";
import { RealFiles } from "../../src/real/files.ts";

const files = new RealFiles();
let root = "";
beforeEach(() => {
  root = mkdtempSync(`${tmpdir()}/files-`);
});
afterEach(() => rmSync(root, { recursive: true }));

test.skipIf(process.platform === "win32")("a named pipe holds up nobody: it is no file to read or write", async () => {
  execFileSync("mkfifo", [`${root}/pipe`]);
  expect(await files.readText(`${root}/pipe`)).toMatchObject({ kind: "fail", error: { code: "EINVAL" } });
  expect(await files.write(`${root}/pipe`, "text")).toMatchObject({ kind: "fail", error: { code: "EINVAL" } });
});

test("a name that is too long is a failure of the path, in our own words", async () => {
  const path = `${root}/${"x".repeat(300)}`;
  expect(await files.write(path, "text")).toEqual({
    kind: "fail",
    error: { code: "EINVAL", message: `${path}: the disk cannot do this with such a path` },
  });
});

test.skipIf(process.platform !== "linux")("a sync that the disk refuses leaves it unknown", async () => {
  expect(await files.sync("/dev/null")).toMatchObject({ kind: "unknown", error: { code: "EINVAL" } });
});

test("a relative path is a defect of the caller", async () => {
  await expect(files.readText("a")).rejects.toThrow(AssertionFailure);
  await expect(files.rename(`${root}/a`, "b")).rejects.toThrow(AssertionFailure);
});
