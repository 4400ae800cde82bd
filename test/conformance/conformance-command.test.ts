import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { builtInRecordingsFolder } from "../../src/conformance/recording-files.ts";
import { startServing, type Serving } from "../../src/serving/serving.ts";
import { runCommand, temporaryFolder, type CommandEnd } from "../cli/run-command.ts";

let serving: Serving;
let folder: string;

beforeAll(async () => {
  serving = await startServing({ ports: { board: 0, model: 0, control: 0 } });
});
afterAll(() => serving.close());
beforeEach(() => {
  folder = temporaryFolder();
});

const url = (port: number, path = "/"): string => `http://127.0.0.1:${port}${path}`;
const recording = (name: string): string => join(builtInRecordingsFolder(), `${name}.jsonl`);

function stormlane(...args: readonly string[]): Promise<CommandEnd> {
  return runCommand(["conformance", ...args], { cwd: folder });
}

function ours(): readonly string[] {
  return ["--url", url(serving.ports.board, "/jsonrpc.php"), "--token", "any", "--control", url(serving.ports.control)];
}

async function control(path: string, body: object): Promise<void> {
  await fetch(url(serving.ports.control, path), { method: "POST", body: JSON.stringify(body) });
}

describe("a server that behaves as recorded", () => {
  test("agrees call for call, with its webhooks", async () => {
    const { exitCode, out } = await stormlane(
      "kanboard",
      ...ours(),
      "--recordings",
      recording("a14-webhooks"),
      "--json",
    );
    const { total, differences } = JSON.parse(out) as { total: object; differences: readonly object[] };
    expect(differences).toEqual([]);
    expect(total).toEqual({ calls: 71, agree: 71, differ: 0, skipped: 0 });
    expect(exitCode).toBe(0);
  });

  test("is recorded without its token, and the new recording says the same as the old one", async () => {
    const old = recording("a16-webhook-off");
    const token = "6a".repeat(20);
    const [, address, ...rest] = ours();
    const { exitCode } = await stormlane(
      ...["record", "--url", address!, "--token", token, ...rest.slice(2)],
      ...["--from", old, "--out", "new"],
    );
    expect(exitCode).toBe(0);
    const text = readFileSync(join(folder, "new/a16-webhook-off.jsonl"), "utf8");
    expect(text).not.toContain(token);
    expect(text).toContain("jsonrpc:api-token");
    const diff = await stormlane("diff", old, "new");
    expect(diff.out).toContain("0 of 7 calls changed");
    expect(diff.exitCode).toBe(0);
  });
});

describe("a server that behaves otherwise", () => {
  test("is told per procedure, with request, expected and actual, and exit code 1", async () => {
    const lines = readFileSync(recording("a16-webhook-off"), "utf8").replace('\\"score\\":0', '\\"score\\":null');
    writeFileSync(join(folder, "spoilt.jsonl"), lines);
    const { exitCode, out } = await stormlane("kanboard", ...ours(), "--recordings", "spoilt.jsonl");
    expect(exitCode).toBe(1);
    expect(out).toMatch(/^getTask +1 +0 +1 +0$/m);
    expect(out).toMatch(
      /spoilt call \d, getTask: answer: result.score\n.*sent.*getTask.*\n.*expected +null\n.*actual +0/,
    );
  });

  test("is told when its webhooks are missing", async () => {
    const text = readFileSync(recording("a14-webhooks"), "utf8").replace('"webhook_path":"/kb', '"webhook_path":"/kc');
    writeFileSync(join(folder, "moved.jsonl"), text);
    const { exitCode, out } = await stormlane("kanboard", ...ours(), "--recordings", "moved.jsonl", "--json");
    const [first] = (JSON.parse(out) as { differences: { where: string }[] }).differences;
    expect(first?.where).toBe("webhook 0: url");
    expect(exitCode).toBe(1);
  });

  test("shows as drift between two recordings", async () => {
    mkdirSync(join(folder, "old"));
    copyFileSync(recording("a16-webhook-off"), join(folder, "old/a16.jsonl"));
    const text = readFileSync(recording("a16-webhook-off"), "utf8").replace('\\"score\\":0', '\\"score\\":null');
    writeFileSync(join(folder, "new.jsonl"), text);
    const { exitCode, out } = await stormlane("diff", "old", "new.jsonl");
    expect(exitCode).toBe(1);
    expect(out).toMatch(/^getTask +1 +0 +1 +0$/m);
    expect(out).toContain("1 of 7 calls changed");
  });
});

describe("a server that nothing can reset", () => {
  const withoutControl = (): readonly string[] => ours().slice(0, 4);

  test("runs the first recording when it is fresh, and the others are skipped aloud", async () => {
    await control("/reset", { state: "factory", board: { apiToken: "any" } });
    const files = [recording("a16-webhook-off"), recording("a15-webhook-failures")];
    const { exitCode, out } = await stormlane("kanboard", ...withoutControl(), "--recordings", ...files);
    expect(exitCode).toBe(0);
    expect(out).toContain("skipped 17 calls of a15-webhook-failures: the server is not in factory state");
    expect(out).toContain("7 of 24 calls agree, 0 differ, 17 skipped");
  });

  test("is never touched when it holds a board", async () => {
    await control("/reset", { state: "factory", board: { apiToken: "any", projects: [{ name: "In use" }] } });
    const file = recording("a16-webhook-off");
    const { exitCode, error } = await stormlane("kanboard", ...withoutControl(), "--recordings", file);
    expect(exitCode).toBe(2);
    expect(error).toContain("nothing was compared: the server is not in factory state");
    const answer = await fetch(url(serving.ports.control, "/state"));
    expect(await answer.text()).not.toContain("Quiet");
  });

  test("is put into factory state by a command, which learns token, webhook and time limit", async () => {
    await control("/reset", { state: "factory", board: { apiToken: "any" } });
    const command = `printf '%s\\n' "$STORMLANE_API_TOKEN" "$STORMLANE_WEBHOOK_TOKEN" "$STORMLANE_HTTP_TIMEOUT" > ${folder}/asked`;
    const reset = ["--reset-command", command, "--recordings", recording("a16-webhook-off")];
    const { exitCode } = await stormlane("kanboard", ...withoutControl(), ...reset);
    expect(exitCode).toBe(0);
    expect(readFileSync(join(folder, "asked"), "utf8")).toBe("any\nhooktoken\n10\n");
  });
});

describe("bad input ends with 2 and names what is wrong, an unreachable server with 3", () => {
  test.each([
    ["--url", ["kanboard", "--token", "x"]],
    ["--url ftp://board", ["kanboard", "--url", "ftp://board", "--token", "x"]],
    ["--token", ["kanboard", "--url", "http://127.0.0.1:9"]],
    ["nowhere: does not exist", ["kanboard", "--url", "http://127.0.0.1:9", "--token", "x", "--recordings", "nowhere"]],
    ["--webhook-port x", ["kanboard", "--url", "http://127.0.0.1:9", "--token", "x", "--webhook-port", "x"]],
  ])("%s", async (what, args) => {
    const { exitCode, error } = await stormlane(...args);
    expect(error).toContain(what);
    expect(exitCode).toBe(2);
  });

  test("a file that is no recording", async () => {
    writeFileSync(join(folder, "bad.jsonl"), `${readFileSync(recording("a16-webhook-off"), "utf8")}{"type":"call"}\n`);
    const { exitCode, error } = await stormlane("kanboard", ...ours(), "--recordings", "bad.jsonl");
    expect(error).toMatch(/bad\.jsonl: line \d+: n: /);
    expect(exitCode).toBe(2);
  });

  test("another token than the server's", async () => {
    await control("/reset", { state: "factory", board: { apiToken: "any" } });
    const { exitCode, error } = await stormlane("kanboard", "--url", ours()[1]!, "--token", "other");
    expect(error).toContain("--token: the server refuses it");
    expect(exitCode).toBe(2);
  });

  test("no server", async () => {
    // Below the ports that a system gives out: no other test can be listening there.
    const { exitCode, error } = await stormlane("kanboard", "--url", url(1021), "--token", "x");
    expect(error).toContain("does not answer (ECONNREFUSED)");
    expect(exitCode).toBe(3);
  });

  test("a reset command that fails", async () => {
    const { exitCode, error } = await stormlane(
      ...["kanboard", "--url", ours()[1]!, "--token", "any"],
      ...["--reset-command", "echo no such database >&2; exit 7"],
    );
    expect(error).toContain("the reset command ended with 7: no such database");
    expect(exitCode).toBe(3);
  });
});
