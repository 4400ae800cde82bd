import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Body } from "../../../src/base/body.ts";
import { isJsonObject } from "../../../src/base/json.ts";
import { chooseCase, planOf } from "../../../src/cli/fidelity/fidelity-case.ts";
import { readFidelitySettings } from "../../../src/cli/fidelity/fidelity-settings.ts";
import { fidelitySchema } from "../../../src/cli/schemas/fidelity-schema.ts";
import { processHost } from "../../../src/cli/process-host.ts";
import { runFidelities } from "../../../src/fidelity/fidelity.ts";
import type { Service } from "../../../src/ports/service.ts";
import { runCommand } from "../run-command.ts";

/** Plans each card once, says in a file that it did, and does not end by itself. */
const planner = `
import { appendFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { execFile } from "node:child_process";

enum Said { Plan = "Plan" }
const isSimulated = process.execPath === "/usr/bin/node";
const { KANBOARD_URL = "", KANBOARD_TOKEN = "", OPENAI_BASE_URL = "", PORT = "", DRIFT, DIES, TRACES = "" } = process.env;
if (!isSimulated && DIES !== undefined) throw new Error("no planner.conf");
if (!isSimulated) appendFileSync(TRACES, JSON.stringify({ pid: process.pid, url: KANBOARD_URL, port: PORT }) + "\\n");
process.on("SIGTERM", () => {});

async function post(url: string, body: object): Promise<any> {
  const headers: Record<string, string> = { authorization: "Basic " + btoa("jsonrpc:" + KANBOARD_TOKEN) };
  if (!isSimulated && DRIFT !== undefined) headers["x-trace"] = "on";
  return (await fetch(url, { method: "POST", headers, body: JSON.stringify(body) })).json();
}
const call = async (method: string, params: object) =>
  (await post(KANBOARD_URL, { jsonrpc: "2.0", id: Math.random(), method, params })).result;

async function plan(): Promise<void> {
  await call("getColumns", { project_id: 1 });
  for (const { id, title } of await call("getAllTasks", { project_id: 1 })) {
    if ((await call("getAllComments", { task_id: id })).length > 0) continue;
    const messages = [{ role: "user", content: "plan " + title }];
    const answer = await post(OPENAI_BASE_URL + "/chat/completions", { model: "planner", messages });
    const content = Said.Plan + ": " + answer.choices[0].message.content;
    await call("createComment", { task_id: id, user_id: 1, content });
    if (isSimulated || DRIFT === undefined) writeFileSync(title + ".md", content + " at " + new Date().toISOString());
  }
}
let turn = Promise.resolve();
const next = () => (turn = turn.then(plan, plan));
createServer((_request, response) => { next(); response.end(); }).listen(Number(PORT));
execFile("git", ["init", "-q", "."], () => {});
next();
setInterval(next, 500);
`;

let cwd = "";
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), "stormlane-"));
  writeFileSync(join(cwd, "package.json"), `{"type":"module"}`);
  writeFileSync(join(cwd, "planner.ts"), planner);
  for (const [name, env] of Object.entries({ faithful: {}, drifts: { DRIFT: "1" }, dies: { DIES: "1" } })) {
    const process = { entry: "./planner.ts", env: { ...env, TRACES: tracesOf(name) } };
    const config = { processes: { planner: process }, board: { columns: ["Ready"] } };
    writeFileSync(join(cwd, `${name}.json`), JSON.stringify(config));
  }
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const tracesOf = (name: string): string => join(cwd, `${name}.traces`);

/** Processes that still run, and addresses that still answer, of those that the runs had. */
async function left(name: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const line of readFileSync(tracesOf(name), "utf8").trim().split("\n")) {
    const { pid, url, port } = JSON.parse(line) as {
      readonly pid: number;
      readonly url: string;
      readonly port: string;
    };
    try {
      process.kill(pid, 0);
      found.push(`process ${pid}`);
    } catch {
      // It is gone.
    }
    for (const each of [url, `http://127.0.0.1:${port}`]) {
      await fetch(each).then(
        () => found.push(each),
        () => {},
      );
    }
  }
  return found;
}

/** The served board, but for one procedure. */
function drifting(service: Service): Service {
  return {
    name: service.name,
    workersMax: service.workersMax,
    *serve(request, context) {
      const response = yield* service.serve(request, context);
      const call = request.body.json();
      if (!isJsonObject(call) || call["method"] !== "getColumns") return response;
      return { ...response, body: Body.ofText(response.body!.text().replace("Ready", "ready")) };
    },
  };
}

// Real processes on a busy machine may take long.
describe.concurrent("one case in simulation, over sockets and with real processes", { timeout: 120_000 }, () => {
  test("comes to the same where the code does, and leaves no process and no port behind", async () => {
    const args = ["fidelity", "--system", "faithful.json", "--for", "3s", "--json"];
    const { exitCode, out, error } = await runCommand(args, { cwd });
    expect({ exitCode, error }).toEqual({ exitCode: 0, error: expect.stringContaining("people write") as unknown });
    const document = fidelitySchema.parse(JSON.parse(out));
    expect(document).toMatchObject({
      ok: true,
      differences: [],
      helpedWith: ["planner.ts: TypeScript that is more than types"],
    });
    for (const run of Object.values(document.runs)) expect(run).toMatchObject({ programs: 1 });
    expect(await left("faithful")).toEqual([]);
  });

  test("shows a fake that answers otherwise, a header that a port leaves out, and a file that is not there", async () => {
    const settings = await readFidelitySettings({ system: join(cwd, "drifts.json"), for: "2s" }, processHost());
    const chosen = await chooseCase(settings);
    const result = await runFidelities({ ...chosen, plan: { ...planOf(settings, chosen), before: drifting } });
    const found = result!.differences.map(
      ({ aspect, subject, odd, hint }) => `${hint.at}: ${aspect} ${subject.split("\0")[0]!}: ${odd}`,
    );
    expect(found).toContain(`fake: answer board getColumns {"project_id":1}: simulation`);
    expect(found).toContain("port: header board x-trace: simulation");
    expect(found.some((each) => /^port: file \/app\/Card 1\.md: simulation$/.test(each))).toBe(true);
    expect(await left("drifts")).toEqual([]);
  });

  test("says what a process that does not come up for real said last, and is no comparison", async () => {
    const { exitCode, out, error } = await runCommand(["fidelity", "--system", "dies.json", "--for", "2s"], { cwd });
    expect({ exitCode, out }).toEqual({ exitCode: 2, out: "" });
    expect(error).toMatch(/planner ends at once.*no planner\.conf/s);
  });

  test.for<[string, readonly string[], RegExp]>([
    ["no system", [], /--system: is missing/],
    ["no such file", ["--system", "nowhere.ts"], /nowhere\.ts: does not exist/],
    ["too short a time", ["--system", "planner.ts", "--for", "1s"], /--for 1s: .* at least 2 s/],
  ])("refuses %s", async ([, args, message]) => {
    const { exitCode, error } = await runCommand(["fidelity", ...args], { cwd });
    expect(exitCode).toBe(2);
    expect(error).toMatch(message);
  });
});
