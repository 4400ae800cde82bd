import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { serve } from "../../src/cli/serve-command.ts";
import type { Span } from "../../src/orchestrator/spans/span.ts";
import type { ArmedFault } from "../../src/serving/scenario-file.ts";
import { RecordingProxy } from "./recording-proxy.ts";

import { apiKey, boardToken, hookToken, ServedBoard } from "./served-board.ts";

let served: ServedBoard;
const children: ChildProcess[] = [];

beforeEach(async () => {
  served = await ServedBoard.start();
});

afterEach(async () => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  await served.close();
});

const bin = fileURLToPath(new URL("../../src/cli/bin.ts", import.meta.url));
const waiting = { timeout: 20_000, interval: 50 };

/** A process of its own: signals are part of what is tested. */
function start(...flags: readonly string[]): ChildProcess {
  const child = spawn(process.execPath, [bin, "serve", ...flags], {
    cwd: served.folder,
    env: { PATH: `${served.programs}:${process.env["PATH"]}`, HOME: served.folder },
    stdio: "ignore",
  });
  children.push(child);
  return child;
}

async function exitCode(child: ChildProcess): Promise<unknown> {
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  return child.exitCode ?? child.signalCode;
}

async function healthUrl(): Promise<string> {
  const started = await vi.waitFor(() => {
    const found = served.log().findLast(({ event }) => event === "serve.started");
    if (found === undefined) throw new Error("not started");
    return found;
  }, waiting);
  return `http://${String(started.fields["health"])}`;
}

const tagged = (tag: string) =>
  vi.waitFor(async () => expect(await served.epicTags()).toContain(tag), { timeout: 30_000, interval: 100 });
const said = (event: string) => vi.waitFor(() => expect(served.events()).toContain(event), waiting);

describe("serve", { timeout: 60_000 }, () => {
  test("works a card that people move, tells its health, and stops with exit code 0", async () => {
    const child = start();
    const health = await healthUrl();
    await vi.waitFor(async () => expect((await fetch(`${health}/ready`)).status).toBe(200), waiting);
    expect((await fetch(`${health}/live`)).status).toBe(200);
    await served.moveEpic(2);
    await tagged("design-generated");
    await vi.waitFor(async () => {
      const report: unknown = await (await fetch(`${health}/health`)).json();
      expect(report).toMatchObject({ version: 1, ready: true, runs: [], outcomes: { done: 1 }, alarms: [] });
    }, waiting);
    child.kill("SIGTERM");
    expect(await exitCode(child)).toBe(0);
    expect(served.events().at(-1)).toBe("serve.stopped");
    const spans = readFileSync(join(served.folder, "spans.jsonl"), "utf8").trimEnd().split("\n");
    const run = spans.map((line) => JSON.parse(line) as Span).filter(({ task }) => task.startsWith("card E1 lane 2"));
    expect(new Set(run.map(({ kind }) => kind))).toEqual(new Set(["board", "files", "git", "model", "wait", "mark"]));
  });

  test("takes a webhook with the right token alone, and keeps every secret out of its log", async () => {
    served.writeConfig({ webhook: { port: 0, token: hookToken }, pollers: 0 });
    const child = start();
    const health = await healthUrl();
    const port = await vi.waitFor(async () => {
      const report = (await (await fetch(`${health}/health`)).json()) as { roles: { name: string; port?: number }[] };
      const found = report.roles.find(({ name }) => name === "webhook")?.port;
      if (found === undefined) throw new Error("not listening");
      return found;
    }, waiting);
    await served.moveEpic(2);
    const body = JSON.stringify({ event_name: "task.move.column", event_data: { task_id: 1 } });
    const post = (token: string) => fetch(`http://127.0.0.1:${port}/webhook?token=${token}`, { method: "POST", body });
    expect((await post("wrong")).status).toBe(401);
    expect((await post(hookToken)).status).toBe(200);
    await tagged("design-generated");
    child.kill("SIGTERM");
    expect(await exitCode(child)).toBe(0);
    const log = readFileSync(served.logPath, "utf8");
    for (const secret of [boardToken, apiKey, hookToken]) expect(log).not.toContain(secret);
  });

  test("goes on after SIGKILL where it was, with two instances side by side", async () => {
    served.serving.fakes.armFaults([slowModel(2_000)]);
    await served.moveEpic(2);
    const killed = start();
    await said("run.started");
    killed.kill("SIGKILL");
    await exitCode(killed);
    const two = [start("--health", "0"), start("--pollers", "2")];
    await tagged("design-generated");
    for (const child of two) child.kill("SIGTERM");
    expect(await Promise.all(two.map(exitCode))).toEqual([0, 0]);
    const finished = served
      .log()
      .filter(({ event, fields }) => event === "run.finished" && fields["outcome"] === "done");
    expect(finished).toHaveLength(1);
  });

  test("breaks a long run off when its time is over, takes its tag off and gives its lease back", async () => {
    served.serving.fakes.armFaults([slowModel(60_000)]);
    served.writeConfig({ stopGraceMs: 100 });
    await served.moveEpic(2);
    const child = start();
    await vi.waitFor(async () => expect(await served.modelRequests()).toBe(1), waiting);
    child.kill("SIGTERM");
    expect(await exitCode(child)).toBe(0);
    const brokenOff = served.log().filter(({ event }) => event === "serve.breakingOff");
    expect(brokenOff.map(({ fields }) => fields["what"])).toEqual(["work"]);
    expect(await served.epicTags()).not.toContain("design-started");
    const files = readdirSync(join(served.folder, "state/claims/E1"));
    expect(files.filter((name) => name.endsWith(".claim"))).toHaveLength(
      files.filter((name) => name.endsWith(".released")).length,
    );
  });

  test("ends at once on a second signal", async () => {
    served.serving.fakes.armFaults([slowModel(60_000)]);
    await served.moveEpic(2);
    const child = start();
    await said("run.started");
    child.kill("SIGTERM");
    await said("serve.stopping");
    child.kill("SIGINT");
    expect(await exitCode(child)).toBe(130);
  });

  test("a dry run reads, and changes nothing on the board, at the model or on the disk", async () => {
    const board = await new RecordingProxy(served.serving.ports.board).start();
    const model = await new RecordingProxy(served.serving.ports.model).start();
    await served.moveEpic(2);
    served.writeConfig({
      board: { url: `http://127.0.0.1:${board.port}/jsonrpc.php`, token: boardToken, userId: 1, project: "shop" },
      model: { url: `http://127.0.0.1:${model.port}`, apiKey, models: { planner: "planner-1" } },
      leaseTtlMs: 60_000,
      webhook: { port: 0, token: hookToken },
    });
    const before = readdirSync(served.folder, { recursive: true, encoding: "utf8" }).toSorted();
    const { exitCode: code, out } = await runServe(["--dry-run"]);
    await board.close();
    await model.close();
    expect(out).toMatch(/^E1 +2\. Design Draft +run architect \(attempt 1\)$/m);
    expect(out).toContain("Nothing was changed. It could start.");
    expect(code).toBe(0);
    expect(board.seen.map(({ body }) => (JSON.parse(body) as { method: string }).method)).toEqual([
      "getProjectByName",
      "getColumns",
      "getUser",
      "getAllTasks",
    ]);
    expect(model.seen.map(({ method, path }) => `${method} ${path}`)).toEqual(["GET /v1/models"]);
    expect(readdirSync(served.folder, { recursive: true, encoding: "utf8" }).toSorted()).toEqual(before);
  });

  test.each([
    ["there is no project shop", { method: "updateProject", params: { project_id: 1, name: "other" } }],
    ["these lanes have no column: 9. Code Review", { method: "removeColumn", params: { column_id: 9 } }],
  ])("a dry run tells what stands in the way: %s", async (message, { method, params }) => {
    await served.call(method, params);
    const { exitCode: code, out } = await runServe(["--dry-run"]);
    expect(out).toContain(message);
    expect(code).toBe(1);
  });

  test("a dry run names a program that is not on PATH, and a board that refuses the token", async () => {
    served.writeConfig({
      board: { url: served.boardUrl, token: "another-token", userId: 1, project: "shop" },
      leaseTtlMs: 60_000,
    });
    const { exitCode: code, out } = await runServe(["--dry-run"], { PATH: "/nowhere" });
    expect(out).toMatch(/^problem +board +the board answered 401$/m);
    expect(out).toContain("codex is not on PATH");
    expect(code).toBe(1);
  });
});

function slowModel(delayMs: number): ArmedFault {
  return { service: "model", fault: { kind: "answer-delayed", delayMs } };
}

/** In this process, for what needs no signals. */
async function runServe(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = { PATH: served.programs },
): Promise<{ readonly exitCode: number; readonly out: string }> {
  let out = "";
  const flags = { dryRun: args.includes("--dry-run") };
  const host = {
    cwd: served.folder,
    writeOut: (text: string) => void (out += text),
    writeError: () => {},
    outIsTerminal: false,
    errorIsTerminal: false,
    takeInterruptions: () => new AbortController().signal,
    catalogueUrl: new URL("file:///"),
  };
  return { exitCode: await serve(flags, host, environment), out };
}

describe("the readiness of serve", { timeout: 60_000 }, () => {
  test("waits for a board that can be listed, and the alarm says why it cannot", async () => {
    await served.call("updateProject", { project_id: 1, name: "other" });
    start();
    const health = await healthUrl();
    await said("poll.failed");
    const answer = await fetch(`${health}/health`);
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({ live: true, alarms: [{ why: "the board has no project shop" }] });
    await served.call("updateProject", { project_id: 1, name: "shop" });
    await vi.waitFor(async () => expect((await fetch(`${health}/ready`)).status).toBe(200), waiting);
    expect(await (await fetch(`${health}/health`)).json()).toMatchObject({ ready: true, alarms: [] });
  });
});
