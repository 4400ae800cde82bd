import { agentScriptOf } from "../../../fakes/cli/agent-rules.ts";
import { claude } from "../../../fakes/cli/claude/claude.ts";
import { codex } from "../../../fakes/cli/codex/codex.ts";
import { gemini } from "../../../fakes/cli/gemini/gemini.ts";
import { git } from "../../../fakes/cli/git/git.ts";
import { opencode } from "../../../fakes/cli/opencode/opencode.ts";
import { scriptOf } from "../../../fakes/llm/script-rules.ts";
import { defineScenario } from "../../define/scenario.ts";
import { kanboard, llm } from "../../define/services.ts";
import { UnmodifiedSystem } from "../../inprocess/in-process.ts";
import type { Ports } from "../../ports/ports.ts";
import type { Scenario } from "../../sim/scenario.ts";
import { boardOrigin, boardToken, people, peopleWorkloads } from "./people.ts";
import type { SystemConfig } from "./system-config.ts";
import { ownFaults } from "./system-faults.ts";
import { systemJudges } from "./system-judges.ts";

/** Where the system may listen for the board's events. */
const webhookPort = 3_000;
const webhookToken = "webhook-token";
export const webhookTimeLimitMs = 5_000;
const modelOrigins: readonly string[] = ["http://model.test", "https://api.openai.com", "https://api.anthropic.com"];

/** What a process finds in its environment: the names that the clients of these services look for. */
export const systemEnvironment: Readonly<Record<string, string>> = {
  KANBOARD_URL: `${boardOrigin}/jsonrpc.php`,
  KANBOARD_USER: "jsonrpc",
  KANBOARD_TOKEN: boardToken,
  PORT: String(webhookPort),
  WEBHOOK_TOKEN: webhookToken,
  OPENAI_BASE_URL: `${modelOrigins[0]}/v1`,
  OPENAI_API_KEY: "model-key",
  ANTHROPIC_BASE_URL: modelOrigins[0]!,
  ANTHROPIC_API_KEY: "model-key",
};

/** A fake board, models and programs around the processes of the user's, people at the board, and what goes wrong. */
export function systemScenario(config: SystemConfig): Scenario {
  const { name, processes, board, webhookPath, files, faults, forMs, latencies } = config;
  const script = scriptOf(config.model ?? anyAnswer);
  const agents = agentScriptOf(config.agents ?? anyMessage);
  const unmodified = new UnmodifiedSystem(config.path);
  const columns = board.columns ?? kanboardColumns;
  return defineScenario({
    name,
    about: `${name}, unmodified, with a board, models and agents around it.`,
    workload: peopleWorkloads(columns.length, Math.floor(forMs / 3)),
    services: [
      kanboard({
        ...board,
        columns,
        origin: boardOrigin,
        apiToken: boardToken,
        webhook: {
          url: `http://127.0.0.1:${webhookPort}${webhookPath}`,
          token: webhookToken,
          timeLimitMs: webhookTimeLimitMs,
        },
      }),
      ...modelOrigins.map((origin) => llm(script, { origin })),
    ],
    programs: [git(), claude(agents), codex(agents), gemini(agents), opencode(agents)],
    files: {
      "/app/": "",
      "/tmp/": "",
      "/home/user/": "",
      ...Object.fromEntries(Object.entries(files).map(([path, text]) => [`/app/${path}`, text])),
    },
    system: Object.fromEntries(
      Object.entries(processes).map(([each, { entry, args, env, startAfterMs }]) => [
        each,
        { main: unmodified.main(entry, { args, env: { ...systemEnvironment, ...env } }), daemon: true, startAfterMs },
      ]),
    ),
    drive: (ports: Ports, workload) => people(ports, workload, forMs),
    faults: {
      families: [...faults.families],
      faultsMax: faults.max,
      faultsUntilMs: forMs / 2,
      ...(faults.processes === undefined ? {} : { victims: faults.processes }),
      ...(faults.seams === undefined ? {} : { seams: faults.seams }),
      ...ownFaults(faults.without),
    },
    invariants: systemJudges,
    bounds: { virtualMsMax: forMs * 2, stepsMax: 100_000, latencies },
  });
}

/** As Kanboard gives them to a new project. */
export const kanboardColumns: readonly string[] = ["Backlog", "Ready", "Work in progress", "Done"];

/** Of whoever does not care what a model says. */
export const anyAnswer = [{ answer: { content: "Done." } }];
export const anyMessage = [{ answer: { message: "Done." } }];
