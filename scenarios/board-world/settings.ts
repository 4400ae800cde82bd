import { defaultLimits, type Facts, type JsonValue, type OrchestratorConfig } from "../../src/index.ts";
import { Kanboard, type BoardState } from "../../fakes/kanboard/kanboard.ts";
import type { Workload } from "./workload.ts";

export const boardUrl = "http://board.test";
export const modelUrl = "http://model.test";
export const boardToken = "board-token";
export const webhookToken = "webhook-token";
export const projectName = "AgentLeeOps";
export const projectId = 1;

export const projectsFolder = "/srv/projects";
export const stateFolder = "/srv/state";

/** Where a single webhook server listens; the second one is at the next port, and a relay at the one before. */
export const webhookPort = 8101;

export const laneTitles: readonly string[] = [
  "1. Inbox",
  "2. Design Draft",
  "3. Design Approved",
  "4. Planning Draft",
  "5. Plan Approved",
  "6. Tests Draft",
  "7. Tests Approved",
  "8. Ralph Loop",
  "9. Code Review",
  "10. Final Review",
  "11. Done",
];

/** What the board starts with: one project, its eleven lanes, nothing in them. */
export const emptyBoard: BoardState = setUpBoard();

/** @param server from 0 */
export function orchestratorConfig(workload: Workload, server = 0): OrchestratorConfig {
  return {
    board: {
      url: `${boardUrl}/jsonrpc.php`,
      token: boardToken,
      userId: 1,
      project: projectName,
      mandatoryFields: workload.mandatoryFields,
      timeoutMs: 10_000,
    },
    models: {
      roles: {
        planner: {
          provider: { type: "openai", url: modelUrl, apiKey: "model-key" },
          model: "planner-1",
          tokensMax: 8_000,
          timeoutMs: 120_000,
        },
        coder: {
          provider: { type: "codex", command: "codex", env: {} },
          model: "coder-1",
          tokensMax: 8_000,
          timeoutMs: 300_000,
        },
      },
      traceHeaders: true,
    },
    traces: true,
    mode: workload.journey === "single" ? "single-card" : "board",
    projectsFolder,
    stateFolder,
    pollIntervalMs: workload.pollIntervalMs,
    leaseTtlMs: 60_000,
    webhook: { host: "127.0.0.1", port: webhookPort + server, token: webhookToken },
    committer: { name: "Orchestrator", email: "orchestrator@example.test" },
  };
}

export const facts: Facts = {
  people: ["people", "operator"],
  projectsFolder,
  stateFolder,
  programs: ["git", "pytest", "codex"],
  limits: {
    childrenPerEpicMax: defaultLimits.childrenPerEpicMax,
    attemptsPerCauseMax: defaultLimits.attemptsPerCauseMax,
    modelTriesMax: defaultLimits.modelTriesMax,
    ralphIterationsMax: defaultLimits.ralphIterationsMax,
    stepMsMax: defaultLimits.agentMsMax,
    // The fakes count four characters as one token.
    promptTokensMax: Math.ceil(defaultLimits.promptCharsMax / 4),
    // To show a failure takes a comment and tags, each call as often as it may be repeated.
    boardCallsPerRunMax: defaultLimits.boardCallsPerRunMax + 4 * defaultLimits.boardTriesMax,
    traceBytesPerRunMax: defaultLimits.traceBytesPerRunMax,
    traceFilesMax: defaultLimits.traceFilesMax,
    traceBytesKeptMax: defaultLimits.traceBytesKeptMax,
  },
  // Three refused answers of one question, or three broken test runs, are a failure that people should see.
  faultsPerCardSurvived: 2,
};

function setUpBoard(): BoardState {
  const board = new Kanboard({ origin: boardUrl, apiToken: boardToken });
  const call = (method: string, params: readonly JsonValue[]): JsonValue =>
    board.seed(method, params, Date.UTC(2026, 0, 5));
  call("createProject", [projectName]);
  for (const column of call("getColumns", [projectId]) as readonly { readonly id: number }[]) {
    call("removeColumn", [column.id]);
  }
  for (const title of laneTitles) call("addColumn", [projectId, title]);
  return board.state();
}
