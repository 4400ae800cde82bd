import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { Kanboard } from "../../fakes/kanboard/kanboard.ts";
import { laneTitles } from "../../src/orchestrator/decide/lanes.ts";
import { defaultPolicies, runCard, type OrchestratorConfig } from "../../src/orchestrator/orchestrator.ts";
import type { HttpHandler } from "../../src/ports/http.ts";
import { realPorts } from "../../src/real/real-ports.ts";
import { asRows, config } from "../orchestrator/board-world.ts";

const root = mkdtempSync(join(tmpdir(), "stormlane-core-"));
afterAll(() => rmSync(root, { recursive: true }));

/** Answers each request at once: one statement after the other. */
function handlerOf(board: Kanboard): HttpHandler {
  const context = {
    fault: undefined,
    nowMs: () => Date.now(),
    record: () => {},
    draw: () => 0,
    unmodelled: ({ method }: { method: string }) => {
      throw new Error(`${method} is not modelled`);
    },
  };
  return async (request) => {
    const serving = board.serve(request, context);
    for (;;) {
      const turn = serving.next();
      if (turn.done === true) return turn.value;
    }
  };
}

test("the core that is simulated runs over real sockets and a real disk as it is", async () => {
  const board = new Kanboard({ origin: "http://board.test", apiToken: config.board.token });
  const seed = (method: string, params: readonly (string | number | object)[]) =>
    board.seed(method, params as never, Date.now());
  seed("createProject", [config.board.project]);
  for (const column of asRows(seed("getColumns", [1]))) seed("removeColumn", [Number(column["id"])]);
  for (const title of laneTitles) seed("addColumn", [1, title]);
  const lane3 = Number(asRows(seed("getColumns", [1]))[2]!["id"]);
  const card = Number(
    board.seed("createTask", { title: "Epic", project_id: 1, column_id: lane3, reference: "E1" }, Date.now()),
  );
  seed("saveTaskMetadata", [card, { dirname: "epic-1", context_mode: "NEW" }]);
  mkdirSync(join(root, "projects/epic-1"), { recursive: true });
  mkdirSync(join(root, "state"));
  writeFileSync(join(root, "projects/epic-1/DESIGN.md"), "# Design\n");

  const said: string[] = [];
  const ports = realPorts({ log: (line) => said.push(line) });
  const server = await ports.http.listen({ port: 0, bodyBytesMax: 1_000_000 }, handlerOf(board));
  if (server.kind !== "ok") throw new Error(server.error.message);
  const own: OrchestratorConfig = {
    ...config,
    board: { ...config.board, url: `http://127.0.0.1:${server.value.port}/jsonrpc.php` },
    projectsFolder: join(root, "projects"),
    stateFolder: join(root, "state"),
  };
  const outcome = await runCard(ports, own, defaultPolicies, card);
  await server.value.close();

  expect(outcome.kind).toBe("done");
  const ratchet = JSON.parse(readFileSync(join(root, "projects/epic-1/.agentleeops/ratchet.json"), "utf8")) as object;
  expect(ratchet).toMatchObject({ artifacts: { "DESIGN.md": { status: "LOCKED" } } });
  expect(Object.values(seed("getTaskTags", [card]) as object)).toContain("locked");
  expect(said.join("\n")).toContain("artifact.locked");
});
