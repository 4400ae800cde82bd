import { once } from "node:events";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, onTestFinished, test } from "vitest";
import { filesBelow, runCommand, temporaryFolder } from "../run-command.ts";
import { runToyCampaign } from "./ledgers.ts";

const ledger = "reports/out/campaign.sqlite";

async function refusal(cwd: string, ...args: readonly string[]): Promise<string> {
  const { exitCode, out, error } = await runCommand(["ui", ...args], { cwd });
  expect(out).toBe("");
  expect(error.trimEnd()).not.toContain("\n");
  return `${exitCode} ${error.trimEnd()}`;
}

describe("stormlane ui refuses", () => {
  test("a ledger that is not there, and makes none", async () => {
    const cwd = temporaryFolder();
    expect(await refusal(cwd, "--ledger", "none.sqlite", "--json")).toBe(
      "2 stormlane: --ledger none.sqlite: does not exist; name a file that a campaign wrote",
    );
    expect(filesBelow(cwd)).toEqual([]);
  });

  test("a file that is something else, and a ledger of another version", async () => {
    const cwd = temporaryFolder();
    writeFileSync(
      join(cwd, "text"),
      "no database, but longer than the head of one is, so that it is looked at\n".repeat(9),
    );
    expect(await refusal(cwd, "--ledger", "text", "--json")).toMatch(/^2 .*--ledger text: is no ledger; /);
    await runToyCampaign(cwd);
    const database = new DatabaseSync(join(cwd, ledger));
    database.exec("PRAGMA user_version = 9");
    database.close();
    expect(await refusal(cwd, "--json")).toMatch(/^2 .*has version 9, this stormlane reads version 1; /);
    mkdirSync(join(cwd, "folder"));
    expect(await refusal(cwd, "--ledger", "folder", "--json")).toMatch(/^2 .*--ledger folder: /);
  });

  test("a damaged ledger, with 3, and leaves it as it is", async () => {
    const cwd = temporaryFolder();
    await runToyCampaign(cwd);
    const bytes = readFileSync(join(cwd, ledger));
    bytes.fill(0x5a, 3 * 4096, 5 * 4096);
    writeFileSync(join(cwd, ledger), bytes);
    expect(await refusal(cwd, "--json")).toMatch(/^3 stormlane: ledger .*: is damaged/);
    expect(readFileSync(join(cwd, ledger))).toEqual(bytes);
  });

  test("a port that is taken, or none", async () => {
    const cwd = temporaryFolder();
    await runToyCampaign(cwd);
    const other = createServer().listen(0, "127.0.0.1");
    onTestFinished(() => void other.close());
    await once(other, "listening");
    const { port } = other.address() as AddressInfo;
    expect(await refusal(cwd, "--port", String(port))).toBe(
      `2 stormlane: --port ${port}: another process listens on it; use another port, or 0 for any free one`,
    );
    expect(await refusal(cwd, "--port", "70000")).toMatch(/^2 .*out of range/);
    expect(await refusal(cwd, "--port", "http")).toMatch(/^2 .*not a whole number/);
  });

  test("flags that ask for different things", async () => {
    const cwd = temporaryFolder();
    expect(await refusal(cwd, "--html", "page.html", "--port", "0")).toMatch(/^2 .*--port and --html: each asks for/);
    expect(await refusal(cwd, "--html", "page.html", "--json")).toMatch(/^2 .*--html and --json: /);
  });

  test("a matrix or a profile that is none, also where it only lies in the usual place", async () => {
    const cwd = temporaryFolder();
    await runToyCampaign(cwd);
    writeFileSync(join(cwd, "other.json"), `{"version": 1, "command": "run"}`);
    writeFileSync(join(cwd, "half.json"), `{"version": 1, "comm`);
    expect(await refusal(cwd, "--mutants", "other.json", "--json")).toBe(
      "2 stormlane: --mutants other.json: is not what `stormlane mutants --json` prints; name such a file with --mutants",
    );
    expect(await refusal(cwd, "--mutants", "half.json", "--json")).toMatch(/^2 .*is not JSON, or only a part of it/);
    expect(await refusal(cwd, "--profile", "other.json", "--json")).toMatch(
      /^2 .*--profile other.json: is not what `stormlane profile --json` prints/,
    );
    expect(await refusal(cwd, "--profile", "none.json", "--json")).toMatch(/^2 .*does not exist/);
    writeFileSync(join(cwd, "reports/out/mutants.json"), "{}");
    expect(await refusal(cwd, "--json")).toMatch(/^2 .*--mutants reports\/out\/mutants.json: /);
  });

  test("to write a page where nothing can be written", async () => {
    const cwd = temporaryFolder();
    await runToyCampaign(cwd);
    writeFileSync(join(cwd, "file"), "");
    expect(await refusal(cwd, "--html", "file/page.html")).toMatch(/^2 .*--html .*cannot be written to/);
    mkdirSync(join(cwd, "page.html"));
    expect(await refusal(cwd, "--html", "page.html")).toMatch(/^2 .*--html .*page.html: cannot be written \(EISDIR\)/);
  });
});
