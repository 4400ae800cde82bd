import { codex } from "../../fakes/cli/codex/codex.ts";
import { git } from "../../fakes/cli/git/git.ts";
import { misbehave } from "../../fakes/cli/misbehave.ts";
import type { ProgramFault } from "../../fakes/cli/program-fault.ts";
import { pytest } from "../../fakes/cli/pytest/pytest.ts";
import { Kanboard } from "../../fakes/kanboard/kanboard.ts";
import { ModelProvider } from "../../fakes/llm/model-provider.ts";
import type { ScriptAnswer, ScriptRequest } from "../../fakes/llm/model-script.ts";
import {
  boardInvariants,
  defaultPolicies,
  RunSlots,
  startPoller,
  startWebhookServer,
  type Limits,
  type Load,
  type OrchestratorConfig,
  type Policies,
  type Ports,
  type Stress,
  type World,
} from "../../src/index.ts";
import { people } from "../board-world/people.ts";
import { coderScript, plannerScript } from "../board-world/scripts.ts";
import {
  boardToken,
  boardUrl,
  emptyBoard,
  facts,
  modelUrl,
  orchestratorConfig,
  projectId,
  projectsFolder,
  stateFolder,
  webhookPort,
  webhookToken,
} from "../board-world/settings.ts";
import { refuseWorkload, type Workload } from "../board-world/workload.ts";

/** The orchestrator core that is tried, or what stands in its place. */
export interface RampSubject {
  /** From the policies that a ramp runs it with. */
  readonly vary?: (policies: Policies) => Policies;
  /** What each of its processes gets in place of its ports. */
  readonly ports?: (ports: Ports, world: World) => Ports;
}

/** What is unlike the usual in one run of the board world. */
export interface RampWorld {
  readonly subject: RampSubject;
  /** What people ask for. Without epics they are not there, and `endAfterMs` ends the run. */
  readonly workload?: Partial<Workload>;
  /** As many as there are, on one host. Default one. */
  readonly pollers?: number;
  /** Each of those processes has so many pollers, which share its slots. Default one. */
  readonly pollersEach?: number;
  /** Default one. */
  readonly webhookServers?: 0 | 1;
  /** Cards that nobody has to do anything for, in the inbox and in the last lane by turns. */
  readonly restingCards?: number;
  readonly limits?: Partial<Limits>;
  readonly config?: Partial<OrchestratorConfig>;
  /** One way. */
  readonly boardLatencyMs?: number;
  /** Changes what the planner's model says. Called for each run: what it remembers must not outlive it. */
  readonly answers?: () => (request: ScriptRequest, answer: ScriptAnswer) => ScriptAnswer;
  readonly furnish?: (world: World) => void;
  readonly endAfterMs?: number;
  readonly stress?: readonly Stress[];
  /** Judged by nothing: for runs that are about something that no invariant promises. */
  readonly unjudged?: boolean;
}

const usual: Workload = {
  epics: [],
  journey: "whole",
  pollers: 1,
  webhookServers: 1,
  pollIntervalMs: 30_000,
  mandatoryFields: false,
  coderNeedsTries: 1,
  wording: "same",
  slips: [],
};

const dayMs = 86_400_000;

/** A run of the board world under a load: its own composition, for what the scenarios' one has no place for. */
export function rampLoad(options: RampWorld): Load {
  const workload = { ...usual, ...options.workload } as Workload;
  return {
    scenario: {
      name: "ramp",
      about: "The orchestrator core under a load.",
      workloads: { scripted: [], draw: () => workload, refuse: refuseWorkload },
      build: (world, drawn) => build(world, drawn as Workload, options),
      faults: { families: [], faultsMax: 0, faultsUntilMs: 0, restartAfterMsMax: 0 },
      invariants: options.unjudged === true ? [] : boardInvariants(facts),
      sometimes: [],
      bounds: { stepsMax: 5_000_000, virtualMsMax: options.endAfterMs === undefined ? dayMs : 2 * options.endAfterMs },
    },
    workload,
    ...(options.stress === undefined ? {} : { stress: options.stress }),
  };
}

function build(world: World, workload: Workload, options: RampWorld): void {
  const { pollers = 1, webhookServers = 1, boardLatencyMs, endAfterMs, restingCards = 0 } = options;
  const board = new Kanboard({
    origin: boardUrl,
    apiToken: boardToken,
    initial: restingCards === 0 ? emptyBoard : boardWith(restingCards),
    webhook:
      webhookServers === 0
        ? null
        : { url: `http://127.0.0.1:${webhookPort}/webhook`, token: webhookToken, timeLimitMs: 10_000 },
  });
  const latency = boardLatencyMs === undefined ? {} : { latency: latencyOf(boardLatencyMs) };
  world.service(boardUrl, board, latency);
  world.service(modelUrl, new ModelProvider({ script: script(workload, options) }));
  setUpServer(world, workload);
  startSystem(world, workload, { ...options, pollers, webhookServers });
  options.furnish?.(world);
  if (workload.epics.length > 0) {
    const goHome = (reason: string): void => world.kernel.stop(reason);
    const allAsked = (): void => board.setMandatoryFields(workload.mandatoryFields);
    const faultsUntilMs = Math.max(0, ...(options.stress ?? []).map(({ untilMs = 0 }) => untilMs));
    world.process("people", (ports) => people(ports, { workload, allAsked, goHome, faultsUntilMs }), {
      host: "office",
      startAfterMs: 1_000,
    });
  }
  if (endAfterMs !== undefined) world.later("end", endAfterMs * 1_000, () => world.kernel.stop("the time is over"));
}

function startSystem(
  world: World,
  workload: Workload,
  {
    pollers,
    webhookServers,
    subject,
    limits,
    config: changes,
    pollersEach = 1,
  }: RampWorld & { pollers: number; webhookServers: 0 | 1 },
): void {
  const base = { ...defaultPolicies, limits: { ...defaultPolicies.limits, ...limits } };
  const policies = subject.vary?.(base) ?? base;
  const config: OrchestratorConfig = { ...orchestratorConfig(workload), ...changes };
  const wrapped = (ports: Ports): Ports => subject.ports?.(ports, world) ?? ports;
  const poll = async (own: Ports): Promise<void> => {
    const ports = wrapped(own);
    if (pollersEach === 1) return startPoller(ports, config, policies);
    const slots = new RunSlots(policies.limits.concurrentRunsMax);
    const starts = Array.from({ length: pollersEach }, (_, index) =>
      startPoller(ports.fork(`poller ${index + 1}`), config, policies, undefined, slots),
    );
    await Promise.all(starts);
  };
  for (let index = 0; index < pollers; index++) {
    // One starts after the other, as a service manager would start them.
    world.process(`poller-${index + 1}`, poll, { daemon: true, startAfterMs: 100 * index });
  }
  if (webhookServers === 0) return;
  const serve = async (ports: Ports): Promise<void> =>
    void (await startWebhookServer(wrapped(ports), config, policies));
  world.process("webhooks", serve, { daemon: true });
}

function setUpServer(world: World, workload: Workload): void {
  const { disk } = world.host("server", {
    programs: [git(), pytest(), codex(coderScript(workload))],
    misbehave: (program, behaviour) => misbehave(program, behaviour as unknown as ProgramFault),
  });
  for (const folder of [projectsFolder, stateFolder]) disk.makeFolder(folder);
  for (const folder of ["/", "/srv"]) disk.sync(folder);
  if (workload.journey !== "fan-out") return;
  for (const { dirname, prd } of workload.epics) {
    const workspace = `${projectsFolder}/${dirname}`;
    disk.makeFolder(workspace);
    disk.write(`${workspace}/prd.json`, `${JSON.stringify(prd, null, 2)}\n`);
    for (const path of [projectsFolder, workspace, `${workspace}/prd.json`]) disk.sync(path);
  }
}

function script(workload: Workload, { answers }: RampWorld): (request: ScriptRequest) => ScriptAnswer | undefined {
  const planner = plannerScript(workload);
  const changed = answers?.();
  return (request) => {
    const usualAnswer = planner(request);
    return usualAnswer === undefined || changed === undefined ? usualAnswer : changed(request, usualAnswer);
  };
}

/** Late by a second at most, as on any other network. */
function latencyOf(latencyMs: number): { readonly nominalUs: number; readonly slackUs: number } {
  return { nominalUs: latencyMs * 1_000, slackUs: 1_000_000 };
}

function boardWith(cards: number): ReturnType<Kanboard["state"]> {
  const board = new Kanboard({ origin: boardUrl, apiToken: boardToken, initial: emptyBoard });
  const columns = (board.seed("getColumns", [projectId], setUpMs) as readonly { readonly id: number }[]).map(
    ({ id }) => id,
  );
  for (let number = 1; number <= cards; number++) {
    const column = number % 2 === 0 ? columns[0]! : columns.at(-1)!;
    const card = { title: `Resting ${number}`, project_id: projectId, reference: `REST-${number}`, column_id: column };
    board.seed("createTask", card, setUpMs);
  }
  return board.state();
}

const setUpMs = Date.UTC(2026, 0, 5);
