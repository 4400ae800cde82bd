import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { runCommand, temporaryFolder, type CommandEnd } from "../../cli/run-command.ts";

let cwd: string;
beforeEach(() => {
  cwd = temporaryFolder();
});

const install = (...args: readonly string[]): Promise<CommandEnd> => runCommand(["fakes", "install", ...args], { cwd });
const listing = (folder: string): readonly string[] => readdirSync(join(cwd, folder)).toSorted();

describe("fakes install", () => {
  test("writes executables, and says how to use them", async () => {
    const { exitCode, out } = await install("bin");
    expect(exitCode).toBe(0);
    expect(listing("bin")).toEqual(expect.arrayContaining(["codex", "git", "pytest", "vitest"]));
    expect(out).toContain(`export PATH=${join(cwd, "bin")}:"$PATH"`);
    expect(statSync(join(cwd, "bin/git")).mode & 0o777).toBe(0o755);
    expect(readFileSync(join(cwd, "bin/git"), "utf8")).toMatch(new RegExp(`^#!${process.execPath}\n`));
  });

  test("writes those alone that --only names, and may be repeated", async () => {
    await install("bin", "--only", "git");
    const { exitCode } = await install("bin", "--only", "git, codex");
    expect(exitCode).toBe(0);
    expect(listing("bin")).toEqual([".stormlane", "codex", "git"]);
  });

  test("never overwrites what it did not write, and then writes nothing", async () => {
    mkdirSync(join(cwd, "bin"));
    writeFileSync(join(cwd, "bin/git"), "#!/bin/sh\n");
    const { exitCode, error } = await install("bin");
    expect(exitCode).toBe(2);
    expect(error).toContain("bin/git: it is there already, and this command did not write it");
    expect(listing("bin")).toEqual(["git"]);
    expect(readFileSync(join(cwd, "bin/git"), "utf8")).toBe("#!/bin/sh\n");
  });

  test("keeps a journal that is there, and begins one that is not", async () => {
    await install("bin", "--journal", "new.jsonl");
    expect(readFileSync(join(cwd, "new.jsonl"), "utf8")).toMatch(/^\{.*"kind":"journal".*\}\n$/);
    writeFileSync(join(cwd, "old.jsonl"), "kept\n");
    await install("bin", "--journal", "old.jsonl");
    expect(readFileSync(join(cwd, "old.jsonl"), "utf8")).toBe("kept\n");
  });

  test.each([
    ["--only gti: no such program; did you mean git?", ["bin", "--only", "gti"]],
    ["nowhere.json: does not exist", ["bin", "--scenario", "nowhere.json"]],
    ["--seed x: not a whole number", ["bin", "--seed", "x"]],
    ["--speed -1: not a number", ["bin", "--speed=-1"]],
    ["holds a :, which parts the folders of PATH", ["b:n"]],
    ["cannot be written", ["bin", "--journal", "no/such/folder/j.jsonl"]],
  ])("refuses bad input: %s", async (message, args) => {
    const { exitCode, error } = await install(...args);
    expect(error).toContain(message);
    expect(exitCode).toBe(2);
    expect(existsSync(join(cwd, "bin/git"))).toBe(false);
  });

  test.each([
    ["scenario.json: faults.0", '{"faults":[{"program":"git","fault":{},"tims":2}]}'],
    ["faults: gti: no such program; did you mean git?", '{"faults":[{"program":"gti","fault":{"kind":"cutResult"}}]}'],
    ["agents.codex: rules[0]: needs `answer` or `answers`", '{"agents":{"codex":[{}]}}'],
    ['agents: Unrecognized key: "cursor"', '{"agents":{"cursor":[]}}'],
    ["faults: git: no behaviour of a program is called cut", '{"faults":[{"program":"git","fault":{"kind":"cut"}}]}'],
  ])("checks the scenario before it writes anything: %s", async (message, text) => {
    writeFileSync(join(cwd, "scenario.json"), text);
    const { exitCode, error } = await install("bin", "--scenario", "scenario.json");
    expect(exitCode).toBe(2);
    expect(error).toContain(message);
    expect(existsSync(join(cwd, "bin"))).toBe(false);
  });
});
