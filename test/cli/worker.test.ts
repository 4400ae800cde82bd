import { expect, test } from "vitest";
import { runCommand, temporaryFolder } from "./run-command.ts";

test.each([
  ["worker", "http://me:secret@queue"],
  ["campaign", "--engine", "redis://me:secret@queue/a/b"],
])("%s refuses a wrong address, and does not print its password", async (...args) => {
  const { exitCode, error } = await runCommand(args, { cwd: temporaryFolder() });
  expect(exitCode).toBe(2);
  expect(error).toMatch(/\/\/…@queue.*: it is .*; write it as redis:\/\/host:6379\/prefix/);
  expect(error).not.toContain("secret");
});

test("a worker refuses a number of threads that no machine has", async () => {
  const { exitCode, error } = await runCommand(["worker", "redis://queue", "--threads", "0"], {
    cwd: temporaryFolder(),
  });
  expect(exitCode).toBe(2);
  expect(error).toContain("--threads 0");
});
