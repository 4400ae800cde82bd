import { codex } from "../../fakes/cli/codex/codex.ts";
import { git } from "../../fakes/cli/git/git.ts";
import { misbehave } from "../../fakes/cli/misbehave.ts";
import { sampleProgramFaults, type ProgramFault } from "../../fakes/cli/program-fault.ts";
import { pytest } from "../../fakes/cli/pytest/pytest.ts";
import { Kanboard } from "../../fakes/kanboard/kanboard.ts";
import { ModelProvider } from "../../fakes/llm/model-provider.ts";
import type { ScriptAnswer, ScriptRequest } from "../../fakes/llm/model-script.ts";
import { serviceFaultNames } from "../../fakes/llm/service-fault.ts";
import { Body } from "../../src/base/body.ts";
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from "../../src/base/json.ts";
import type { Invariant } from "../../src/invariants/invariant.ts";
import { laneTitles } from "../../src/orchestrator/decide/lanes.ts";
import {
  defaultPolicies,
  runCard,
  startPoller,
  startWebhookServer,
  type OrchestratorConfig,
  type Policies,
} from "../../src/orchestrator/orchestrator.ts";
import type { CardMode } from "../../src/orchestrator/work-package/follow-card.ts";
import type { Ports } from "../../src/ports/ports.ts";
import type { FaultSettings, Scenario } from "../../src/sim/scenario.ts";
import type { World } from "../../src/sim/world.ts";

export interface BoardWorldOptions {
  readonly epics: number;
  readonly storiesPerEpic: number;
  readonly mandatoryFields: boolean;
  readonly pollers: number;
  readonly webhook: boolean;
  readonly mode?: CardMode;
  /** Somebody at the command line runs the first card every few seconds. */
  readonly manual?: boolean;
  readonly policies?: Partial<Policies>;
  readonly models?: OrchestratorConfig["models"];
  readonly faults?: Partial<FaultSettings>;
  /** Whether a visible failure counts as an end like any other. */
  readonly failuresAllowed?: boolean;
  /** What the planner answers, by how often it was asked for a plan before; `storiesPerEpic` like ones unless given. */
  readonly plan?: (earlier: number) => readonly PlannedStory[];
  readonly description?: string;
  /** What the coder writes above each answer: as a comment that says what running the code does. */
  readonly codeDoes?: string;
  /** What the orchestrators get in place of their ports. */
  readonly ports?: (ports: Ports) => Ports;
  /** What else happens, beside the people who approve. */
  readonly meddle?: (board: BoardHands) => void;
}

export interface PlannedStory {
  readonly id: string;
  readonly description: string;
}

/** What a test may do to a board world, and see of it. */
export interface BoardHands {
  readonly world: World;
  card(reference: string): SeenCard | undefined;
  /** All with that reference, open or closed, by number. */
  cardsOf(reference: string): readonly SeenCard[];
  attachmentsOf(reference: string): readonly string[];
  createCard(ports: Ports, reference: string): Promise<void>;
  setTags(ports: Ports, reference: string, tags: readonly string[]): Promise<void>;
  /** As the card's form does: all tags at once, and the card counts as modified. */
  saveForm(ports: Ports, reference: string, tags: readonly string[]): Promise<void>;
  /** Without any tags, as people do who want work done again. */
  moveBack(ports: Ports, reference: string, lane: number): Promise<void>;
}

export interface SeenCard {
  readonly id: number;
  readonly lane: number;
  readonly isOpen: boolean;
  readonly tags: readonly string[];
  readonly comments: readonly string[];
}

const epochMs = Date.UTC(2026, 0, 5);

export const config: OrchestratorConfig = {
  board: {
    url: "http://board.test/jsonrpc.php",
    token: "secret",
    userId: 1,
    project: "AgentLeeOps",
    mandatoryFields: false,
    timeoutMs: 10_000,
  },
  models: {
    roles: {
      planner: {
        provider: { type: "openai", url: "http://model.test", apiKey: "key-of-model" },
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
  projectsFolder: "/srv/projects",
  stateFolder: "/srv/state",
  pollIntervalMs: 5_000,
  leaseTtlMs: 60_000,
  webhook: { host: "127.0.0.1", port: 8088, token: "hook-token" },
  committer: { name: "Orchestrator", email: "orchestrator@example.test" },
};

/** A whole board with its orchestrators, and people who approve whatever an agent has completed. */
export function boardScenario(options: BoardWorldOptions): Scenario {
  // Of the run that is being built: a scenario's invariants are asked at the end of the same run.
  let current: Board | undefined;
  return {
    name: "whole-board",
    about: "every story through every lane",
    workloads: { scripted: [null], draw: () => null, refuse: () => undefined },
    build(world) {
      current = new Board(world, options);
    },
    faults: {
      families: ["delivery", "board", "model", "disk", "program", "crash", "clock"],
      faultsMax: 4,
      faultsUntilMs: 300_000,
      restartAfterMsMax: 5_000,
      serviceFaults: {
        board: ["unauthorized", "database-locked", "database-locked-after-effect", "refused"],
        model: serviceFaultNames,
      },
      programBehaviours: sampleProgramFaults,
      ...options.faults,
    },
    invariants: [settledWell(() => current!)],
    sometimes: [],
    bounds: { stepsMax: 400_000, virtualMsMax: 7_200_000 },
  };
}

/** What the board and the disk must show when nothing happens any more. */
function settledWell(board: () => Board): Invariant {
  return {
    id: "settled",
    rule: "When all is quiet, every story has its card in the last lane and nothing is left over.",
    start: (report) => ({
      kinds: [],
      observe: () => {},
      finish: () => {
        for (const message of board().complaints()) report({ place: "end", message });
      },
      checked: () => 1,
    }),
  };
}

class Board implements BoardHands {
  private readonly board: Kanboard;
  readonly world: World;
  private readonly options: BoardWorldOptions;
  /** When people saw the first card there. Monotonic. */
  private finalReviewMs: number | undefined;

  constructor(world: World, options: BoardWorldOptions) {
    this.world = world;
    this.options = options;
    this.board = new Kanboard({
      origin: "http://board.test",
      apiToken: config.board.token,
      ...(options.webhook
        ? { webhook: { url: "http://127.0.0.1:8088/", token: config.webhook.token, timeLimitMs: 10_000 } }
        : {}),
    });
    seedBoard(this.board, options.epics, options.description ?? "Build a small thing.");
    this.board.setMandatoryFields(options.mandatoryFields);
    const host = world.host("server", {
      programs: [git(), pytest(), codex((request) => coderScript(request, options.codeDoes ?? ""))],
      misbehave: (program, behaviour) => misbehave(program, behaviour as unknown as ProgramFault),
    });
    for (const folder of [config.projectsFolder, config.stateFolder]) host.disk.makeFolder(folder);
    host.disk.sync("/srv");
    host.disk.sync("/");
    world.service("http://board.test", this.board);
    const answered = new Map<string, number>();
    const script = (request: ScriptRequest): ScriptAnswer =>
      plannerScript(request, (earlier) => options.plan?.(earlier) ?? likeStories(options.storiesPerEpic), answered);
    world.service("http://model.test", new ModelProvider({ script }));
    const { mode = "board", models = config.models } = options;
    const board = { ...config.board, mandatoryFields: options.mandatoryFields };
    const ownConfig = { ...config, mode, models, board };
    const policies = { ...defaultPolicies, ...options.policies };
    const { ports: wrap = (ports: Ports): Ports => ports } = options;
    for (let poller = 1; poller <= options.pollers; poller++) {
      world.process(`poller-${poller}`, (ports) => startPoller(wrap(ports), ownConfig, policies), { daemon: true });
    }
    if (options.webhook) {
      world.process("hook", async (ports) => void (await startWebhookServer(wrap(ports), ownConfig, policies)), {
        daemon: true,
      });
    }
    if (options.manual === true) {
      const work = async (ports: Ports): Promise<void> => {
        for (let round = 0; ; round++) {
          await runCard(wrap(ports.fork(`manual ${round}`)), ownConfig, policies, 1);
          await ports.clock.sleep(config.pollIntervalMs, { key: "manual" });
        }
      };
      world.process("manual", work, { daemon: true });
    }
    options.meddle?.(this);
    world.process("people", (ports) => this.people(ports), { startAfterMs: 500, daemon: true });
  }

  card(reference: string): SeenCard | undefined {
    const cards = this.cardsOf(reference);
    return cards.find(({ isOpen }) => isOpen) ?? cards[0];
  }

  cardsOf(reference: string): readonly SeenCard[] {
    const cards = this.cards().filter((card) => card["reference"] === reference);
    return cards
      .map((card) => {
        const id = Number(card["id"]);
        const comments = asRows(this.look("getAllComments", [id])).map((comment) => text(comment["comment"]));
        const lane = Number(card["column_id"]);
        return { id, lane, isOpen: card["is_active"] === 1, tags: this.tags(id), comments };
      })
      .toSorted((left, right) => left.id - right.id);
  }

  attachmentsOf(reference: string): readonly string[] {
    const card = this.card(reference);
    return card === undefined
      ? []
      : asRows(this.look("getAllTaskFiles", [card.id])).map((attachment) => text(attachment["name"]));
  }

  async createCard(ports: Ports, reference: string): Promise<void> {
    const values = { title: reference, project_id: 1, reference, column_id: 5 };
    await call(ports, "createTask", reference, values);
  }

  async setTags(ports: Ports, reference: string, tags: readonly string[]): Promise<void> {
    await call(ports, "setTaskTags", `${reference} tags`, [1, this.card(reference)!.id, [...tags]]);
  }

  async saveForm(ports: Ports, reference: string, tags: readonly string[]): Promise<void> {
    await call(ports, "updateTask", `${reference} form`, { id: this.card(reference)!.id, tags: [...tags] });
  }

  async moveBack(ports: Ports, reference: string, lane: number): Promise<void> {
    const card = this.cards().find((each) => each["reference"] === reference)!;
    await this.setTags(ports, reference, []);
    await move(ports, card, lane);
  }

  /** What is wrong now, when nothing may be. */
  complaints(): readonly string[] {
    const wrong: string[] = [];
    const cards = this.cards();
    for (let epic = 1; epic <= this.options.epics; epic++) {
      for (let story = 1; story <= this.options.storiesPerEpic; story++) {
        const reference = `EPIC-${epic}/S${story}`;
        const found = cards.filter((card) => card["reference"] === reference && card["is_active"] === 1);
        if (found.length !== 1 && !this.mayFail(`EPIC-${epic}`))
          wrong.push(`${reference} has ${found.length} open cards`);
      }
    }
    for (const card of cards) {
      if (card["is_active"] !== 1) continue;
      const tags = this.tags(Number(card["id"]));
      const name = `${text(card["reference"])} (${text(card["title"])})`;
      for (const tag of tags) if (tag.endsWith("-started") || tag === "locking") wrong.push(`${name} is still ${tag}`);
      const isExcused = this.options.failuresAllowed === true && (isFailed(tags) || this.waitsInVain(card));
      if (card["column_id"] !== 11 && !isExcused) {
        wrong.push(`${name} is in lane ${text(card["column_id"])} with ${tags.join(", ")}`);
      }
    }
    const { disk, running } = this.world.host("server");
    if (running.size > 0) wrong.push(`${running.size} programs are running`);
    for (let epic = 1; epic <= this.options.epics; epic++) {
      const claims =
        disk.stat(`/srv/state/claims/EPIC-${epic}`) === null ? [] : disk.list(`/srv/state/claims/EPIC-${epic}`);
      const last =
        claims
          .map(({ name }) => name.split(".", 1)[0]!)
          .toSorted()
          .at(-1) ?? "none";
      if (claims.length > 0 && !claims.some(({ name }) => name === `${last}.released`))
        wrong.push(`EPIC-${epic} is still claimed`);
      const lock = `/srv/projects/epic-${epic}/.git/index.lock`;
      if (disk.stat(lock) !== null) wrong.push(`${lock} is left`);
    }
    return wrong;
  }

  private mayFail(reference: string): boolean {
    if (this.options.failuresAllowed !== true) return false;
    return this.cards().some((card) => card["reference"] === reference && isFailed(this.tags(Number(card["id"]))));
  }

  private cards(): readonly JsonObject[] {
    return [...asRows(this.look("getAllTasks", [1, 1])), ...asRows(this.look("getAllTasks", [1, 0]))];
  }

  private tags(card: number): readonly string[] {
    const tags = this.look("getTaskTags", [card]);
    return isJsonObject(tags) ? Object.values(tags).map(text) : [];
  }

  private look(method: string, params: readonly JsonValue[]): JsonValue {
    return this.board.seed(method, params, epochMs);
  }

  /** Every second somebody looks at the board and moves on what is done. The run ends when nothing moves any more. */
  private async people(ports: Ports): Promise<void> {
    let quietMs = 0;
    while (quietMs < 200_000) {
      const moves = asRows(this.look("getAllTasks", [1, 1])).flatMap((card) => {
        const column = this.nextColumn(card, ports.clock.monotonicMs());
        return column === undefined ? [] : [{ card, column }];
      });
      for (const { card, column } of moves) await move(ports, card, column);
      quietMs = moves.length === 0 && this.isQuiet() ? quietMs + 1_000 : 0;
      await ports.clock.sleep(1_000, { key: "people" });
    }
    this.world.kernel.stop("settled");
  }

  private isQuiet(): boolean {
    return asRows(this.look("getAllTasks", [1, 1])).every(
      (card) => card["column_id"] === 11 || isFailed(this.tags(Number(card["id"]))) || this.waitsForStories(card),
    );
  }

  private waitsForStories(card: JsonObject): boolean {
    return card["column_id"] === 5 && this.tags(Number(card["id"])).includes("spawned");
  }

  /** An epic one of whose stories has failed. */
  private waitsInVain(epic: JsonObject): boolean {
    const prefix = `${text(epic["reference"])}/`;
    return (
      this.waitsForStories(epic) &&
      this.cards().some((card) => text(card["reference"]).startsWith(prefix) && isFailed(this.tags(Number(card["id"]))))
    );
  }

  private nextColumn(card: JsonObject, nowMs: number): number | undefined {
    const lane = Number(card["column_id"]);
    const tags = this.tags(Number(card["id"]));
    const isStory = text(card["reference"]).includes("/");
    if (lane === 1) return 2;
    if (tags.includes("stale")) return 6;
    if (lane === 5 && isStory) return 6;
    if (lane === 5 && this.options.mode !== "single-card")
      return tags.includes("spawned") && this.storiesAreDone(card) ? 9 : undefined;
    // A poller sees where a card is, not where it was: two moves between two looks are one drag.
    if (lane === 10) {
      this.finalReviewMs ??= nowMs;
      const isRushed = this.options.mode === "single-card" && nowMs - this.finalReviewMs < 2 * config.pollIntervalMs;
      return isRushed ? undefined : 11;
    }
    const tag = lane === 5 ? "plan-locked" : completedTags[lane];
    return tag !== undefined && tags.includes(tag) ? lane + 1 : undefined;
  }

  private storiesAreDone(epic: JsonObject): boolean {
    const prefix = `${text(epic["reference"])}/`;
    const stories = asRows(this.look("getAllTasks", [1, 1])).filter((card) =>
      text(card["reference"]).startsWith(prefix),
    );
    return stories.length > 0 && stories.every((card) => card["column_id"] === 11);
  }
}

const completedTags: Readonly<Record<number, string>> = {
  2: "design-generated",
  3: "locked",
  4: "planning-generated",
  6: "tests-generated",
  7: "tests-coding-generated",
  8: "coding-complete",
  9: "review-complete",
};

async function move(ports: Ports, card: JsonObject, column: number): Promise<void> {
  const params = [1, Number(card["id"]), column, 1, Number(card["swimlane_id"])];
  await call(ports, "moveTaskPosition", `${text(card["reference"])} to ${column}`, params);
}

async function call(ports: Ports, method: string, key: string, params: JsonObject | JsonValue[]): Promise<void> {
  await ports.http.request({
    name: `board.${method}`,
    key,
    method: "POST",
    url: config.board.url,
    headers: { authorization: `Basic ${Buffer.from("jsonrpc:secret").toString("base64")}` },
    body: Body.ofJson({ jsonrpc: "2.0", method, id: 1, params }),
    timeoutMs: 60_000,
  });
}

function isFailed(tags: readonly string[]): boolean {
  return tags.some((tag) => tag.endsWith("-failed") || tag === "needs-human");
}

function text(value: JsonValue | undefined): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function seedBoard(board: Kanboard, epics: number, description: string): void {
  const seed = (method: string, params: readonly JsonValue[]): JsonValue => board.seed(method, params, epochMs);
  seed("createProject", ["AgentLeeOps"]);
  for (const column of asRows(seed("getColumns", [1]))) seed("removeColumn", [Number(column["id"])]);
  for (const title of laneTitles) seed("addColumn", [1, title]);
  for (let epic = 1; epic <= epics; epic++) {
    const id = seed("createTask", [`Epic ${epic}`, 1]) as number;
    board.seed("updateTask", { id, reference: `EPIC-${epic}`, description }, epochMs);
    seed("saveTaskMetadata", [id, { dirname: `epic-${epic}`, context_mode: "NEW" }]);
  }
}

function likeStories(count: number): readonly PlannedStory[] {
  return Array.from({ length: count }, (_, index) => ({ id: `S${index + 1}`, description: "One thing." }));
}

/** Each design and each test file is worded anew, as a model does. */
function plannerScript(
  request: ScriptRequest,
  stories: (earlier: number) => readonly PlannedStory[],
  answered: Map<string, number>,
): ScriptAnswer {
  const earlier = answered.get(request.key) ?? 0;
  answered.set(request.key, earlier + 1);
  const purpose = request.key.slice(request.key.lastIndexOf("/") + 1);
  const story = storyOf(request.key);
  if (purpose === "design")
    return {
      content: `# Design of ${request.key}\n\nVersion ${earlier}. ${"It has parts, and they talk. ".repeat(5)}`,
    };
  if (purpose === "plan") {
    const list = stories(earlier).map(({ id, description }) => ({
      id,
      title: `Story ${id.slice(1)}`,
      description,
      acceptance_criteria: ["it works"],
      priority: "high",
    }));
    return { content: JSON.stringify({ stories: list }) };
  }
  if (purpose === "test-plan")
    return { content: `# Test plan of ${request.key}\n\n${"Check that it works. ".repeat(5)}` };
  return {
    content: `"""Version ${earlier}."""\n\n# expect: src/${story}.py contains answer_${story}\n\ndef test_${story}():\n    assert answer_${story}() == 42\n`,
  };
}

/** As it stands in file names; an epic that is worked alone is its own story. */
function storyOf(key: string): string {
  const [epic = "", story = ""] = key.split("/");
  return /^S\d+$/.test(story) ? story : epic.replace("-", "_");
}

function coderScript(
  request: { readonly key: string; readonly attempt: number },
  codeDoes: string,
): {
  message: string;
  durationMs: number;
} {
  const story = storyOf(request.key);
  const name = request.attempt === 1 ? "wrong" : `answer_${story}`;
  return { message: `${codeDoes}\ndef ${name}():\n    return 42\n`, durationMs: 3_000 };
}

export function asRows(value: JsonValue): readonly JsonObject[] {
  return isJsonArray(value) ? value.filter(isJsonObject) : [];
}
