import { codex } from "../../fakes/cli/codex/codex.ts";
import { git } from "../../fakes/cli/git/git.ts";
import { misbehave } from "../../fakes/cli/misbehave.ts";
import type { ProgramFault } from "../../fakes/cli/program-fault.ts";
import { pytest } from "../../fakes/cli/pytest/pytest.ts";
import { Kanboard } from "../../fakes/kanboard/kanboard.ts";
import { ModelProvider } from "../../fakes/llm/model-provider.ts";
import type { ScriptAnswer, ScriptRequest } from "../../fakes/llm/model-script.ts";
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from "../../src/base/json.ts";
import type { Fault } from "../../src/faults/fault.ts";
import { PlannedFaults } from "../../src/faults/plan.ts";
import { History } from "../../src/history/history.ts";
import { Kernel } from "../../src/kernel/kernel.ts";
import type { Ports } from "../../src/ports/ports.ts";
import { defaultPolicies, type OrchestratorConfig, type Policies } from "../../src/orchestrator/orchestrator.ts";
import { laneTitles } from "../../src/orchestrator/decide/lanes.ts";
import { World } from "../../src/sim/world.ts";

/** A whole board with its orchestrators in a simulated world, and people who answer the gates. */
export interface BoardWorldOptions {
  readonly epics: number;
  readonly storiesPerEpic: number;
  readonly mandatoryFields?: boolean;
  readonly policies?: Partial<Policies>;
  readonly pollers: number;
  readonly webhook: boolean;
  readonly faults?: readonly Fault[];
  readonly virtualMsMax?: number;
  readonly processes: Readonly<
    Record<string, (ports: Ports, config: OrchestratorConfig, policies: Policies) => Promise<unknown>>
  >;
}

export const epochMs = Date.UTC(2026, 0, 5);
export const config: OrchestratorConfig = {
  board: {
    url: "http://board.test/jsonrpc.php",
    token: "secret",
    userId: 1,
    project: "AgentLeeOps",
    mandatoryFields: false,
    timeoutMs: 10_000,
  },
  model: {
    url: "http://model.test",
    apiKey: "key",
    models: { planner: "planner-1" },
    timeoutMs: 120_000,
    traceHeaders: true,
  },
  coder: { command: "codex", model: "coder-1" },
  projectsFolder: "/srv/projects",
  stateFolder: "/srv/state",
  pollIntervalMs: 5_000,
  leaseTtlMs: 60_000,
  webhook: { host: "hook.test", port: 80, token: "hook-token" },
  committer: { name: "Orchestrator", email: "orchestrator@example.test" },
};

export class BoardWorld {
  readonly history: History;
  readonly kernel: Kernel;
  readonly world: World;
  readonly board: Kanboard;
  private readonly options: BoardWorldOptions;

  constructor(options: BoardWorldOptions) {
    this.options = options;
    this.history = new History(() => this.kernel.nowUs);
    this.kernel = new Kernel({
      seed: 1,
      observer: this.history,
      stepsMax: 2_000_000,
      virtualMsMax: options.virtualMsMax ?? 7_200_000,
    });
    this.world = new World({
      kernel: this.kernel,
      history: this.history,
      faults: new PlannedFaults(options.faults ?? []),
    });
    this.board = new Kanboard({
      origin: "http://board.test",
      apiToken: config.board.token,
      mandatoryFields: false,
      ...(options.webhook
        ? { webhook: { url: "http://hook.test:80/", token: config.webhook.token, timeLimitMs: 10_000 } }
        : {}),
    });
  }

  async run(): Promise<string> {
    const { options, world, board } = this;
    const host = world.host("server", {
      programs: [git(), pytest(), codex(coderScript)],
      misbehave: (program, behaviour) => misbehave(program, behaviour as unknown as ProgramFault),
    });
    host.disk.makeFolder(config.projectsFolder);
    host.disk.makeFolder(config.stateFolder);
    host.disk.sync("/srv");
    seedBoard(board, options.epics);
    board.setMandatoryFields(options.mandatoryFields ?? false);
    world.service("http://board.test", board);
    world.service(
      "http://model.test",
      new ModelProvider({ script: (request) => plannerScript(request, options.storiesPerEpic) }),
    );
    const ownConfig = { ...config, board: { ...config.board, mandatoryFields: options.mandatoryFields ?? false } };
    const policies = { ...defaultPolicies, ...options.policies };
    for (const [name, main] of Object.entries(options.processes)) {
      world.process(name, async (ports) => void (await main(ports, ownConfig, policies)));
    }
    world.later("people", 1_000_000, () => this.people());
    const end = await this.kernel.run();
    if (end.kind === "broken") throw end.error;
    return end.kind === "stopped" ? end.reason : JSON.stringify(end);
  }

  cards(): readonly JsonObject[] {
    return [...asRows(this.call("getAllTasks", [1, 1])), ...asRows(this.call("getAllTasks", [1, 0]))];
  }

  tags(card: number): readonly string[] {
    const tags = this.call("getTaskTags", [card]);
    return isJsonObject(tags) ? Object.values(tags).map(String) : [];
  }

  call(method: string, params: readonly JsonValue[]): JsonValue {
    return this.board.seed(method, params, epochMs + this.kernel.nowUs / 1000);
  }

  /** Every second people look at the board: what an agent has completed they approve, and what is done stays. */
  private people(round = 0): void {
    let open = 0;
    for (const card of asRows(this.call("getAllTasks", [1, 1]))) {
      const lane = Number(card["column_id"]);
      const next = this.nextLane(card, lane);
      if (next !== undefined)
        this.call("moveTaskPosition", [1, Number(card["id"]), next, 1, Number(card["swimlane_id"])]);
      if (next !== undefined || !(lane === 11 || this.isFailed(Number(card["id"])))) open += 1;
    }
    if (open === 0 && round > 60) return this.world.later("stop", 60_000_000, () => this.kernel.stop("settled"));
    this.world.later(`people ${round + 1}`, 1_000_000, () => this.people(round + 1));
  }

  private nextLane(card: JsonObject, lane: number): number | undefined {
    const tags = this.tags(Number(card["id"]));
    const isStory = String(card["reference"]).includes("/");
    const done: Readonly<Record<number, string>> = {
      2: "design-generated",
      3: "locked",
      4: "planning-generated",
      6: "tests-generated",
      7: "tests-coding-generated",
      8: "coding-complete",
      9: "review-complete",
    };
    if (lane === 1) return 2;
    if (lane === 5) return isStory ? 6 : tags.includes("spawned") && this.storiesAreDone(card) ? 9 : undefined;
    if (lane === 10) return 11;
    const tag = done[lane];
    return tag !== undefined && tags.includes(tag) ? lane + 1 : undefined;
  }

  private storiesAreDone(epic: JsonObject): boolean {
    const stories = asRows(this.call("getAllTasks", [1, 1])).filter((card) =>
      String(card["reference"]).startsWith(`${String(epic["reference"])}/`),
    );
    return stories.length > 0 && stories.every((card) => Number(card["column_id"]) === 11);
  }

  private isFailed(card: number): boolean {
    return this.tags(card).some((tag) => tag.endsWith("-failed") || tag === "needs-human");
  }
}

function seedBoard(board: Kanboard, epics: number): void {
  const seed = (method: string, params: readonly JsonValue[]): JsonValue => board.seed(method, params, epochMs);
  seed("createProject", ["AgentLeeOps"]);
  for (const column of asRows(seed("getColumns", [1]))) seed("removeColumn", [Number(column["id"])]);
  for (const title of laneTitles) seed("addColumn", [1, title]);
  for (let epic = 1; epic <= epics; epic++) {
    const id = seed("createTask", [`Epic ${epic}`, 1]) as number;
    board.seed("updateTask", { id, reference: `EPIC-${epic}`, description: "Build a small thing." }, epochMs);
    seed("saveTaskMetadata", [id, { dirname: `epic-${epic}`, context_mode: "NEW" }]);
  }
}

function plannerScript(request: ScriptRequest, stories: number): ScriptAnswer {
  const purpose = request.key.slice(request.key.lastIndexOf("/") + 1);
  const story = request.key.split("/")[1] ?? "";
  if (purpose === "design")
    return { content: `# Design of ${request.key}\n\n${"It has parts, and they talk. ".repeat(5)}` };
  if (purpose === "plan") {
    const list = Array.from({ length: stories }, (_, index) => ({
      id: `S${index + 1}`,
      title: `Story ${index + 1}`,
      description: "One thing.",
      acceptance_criteria: ["it works"],
      priority: "high",
    }));
    return { content: JSON.stringify({ stories: list }) };
  }
  if (purpose === "test-plan")
    return { content: `# Test plan of ${request.key}\n\n${"Check that it works. ".repeat(5)}` };
  return {
    content: `# expect: src/${story}.py contains answer_${story}\n\ndef test_${story}():\n    assert answer_${story}() == 42\n`,
  };
}

function coderScript(request: { readonly key: string; readonly attempt: number }): {
  message: string;
  durationMs: number;
} {
  const story = request.key.split("/")[1] ?? "";
  const name = request.attempt === 1 ? "wrong" : `answer_${story}`;
  return { message: `def ${name}():\n    return 42\n`, durationMs: 3_000 };
}

export function asRows(value: JsonValue): readonly JsonObject[] {
  return isJsonArray(value) ? value.filter(isJsonObject) : [];
}
