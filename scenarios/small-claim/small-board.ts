import { Kanboard } from "../../fakes/kanboard/kanboard.ts";
import {
  boardInvariants,
  isJsonObject,
  defaultPolicies,
  peopleNotes,
  type FaultSettings,
  type JsonValue,
  type OrchestratorConfig,
  type Policies,
  type Ports,
  type Scenario,
  type Sometimes,
  type World,
} from "../../src/index.ts";
import { PeopleBoard } from "../board-world/people-board.ts";
import {
  boardToken,
  boardUrl,
  emptyBoard,
  facts,
  orchestratorConfig,
  projectsFolder,
  stateFolder,
} from "../board-world/settings.ts";
import { smallEpic } from "../board-world/stories.ts";
import { storyIds, type Workload } from "../board-world/workload.ts";

/** One card that stands in a lane with an agent, and one host: so little that every schedule of it can be run. */
export interface SmallBoard {
  readonly name: string;
  readonly about: string;
  /** Where people put the card before anybody looks. */
  readonly lane: number;
  readonly stories: number;
  readonly workloads: readonly SmallWorkload[];
  /** What lies in the card's workspace beforehand, by name. */
  readonly artifacts: (prd: JsonValue) => Readonly<Record<string, string>>;
  /** The orchestrators, by the names of their processes. */
  readonly system: Readonly<
    Record<string, (ports: Ports, config: OrchestratorConfig, policies: Policies) => Promise<void>>
  >;
  readonly policies?: Policies;
  readonly faults: FaultSettings;
  readonly sometimes: readonly Sometimes[];
  readonly virtualMsMax: number;
  /** When the run ends; by itself unless given. */
  readonly endsAtMs?: number;
}

/** The schedules and the faults are what varies; of the rest as little as there can be. */
export type SmallWorkload = {
  /** The board refuses to create cards, so that the spawner must copy the epic. */
  readonly mandatoryFields: boolean;
};

/** The only card. */
export const smallCardId = 1;

/** When people have done their part, however late the board answers them. */
const systemStartsMs = 60_000;
/** Longer than a process that was killed stays away: what it had sent may come after it is back. */
const boardLatency = { nominalUs: 500, slackUs: 2_000_000 };

export function smallScenario(options: SmallBoard): Scenario {
  return {
    name: options.name,
    about: options.about,
    workloads: {
      scripted: options.workloads,
      draw: (seed) => options.workloads[seed % options.workloads.length]!,
      refuse: refuseWorkload,
    },
    build: (world, workload) => build(world, workload as SmallWorkload, options),
    faults: options.faults,
    invariants: boardInvariants(facts),
    sometimes: options.sometimes,
    bounds: { stepsMax: 20_000, virtualMsMax: options.virtualMsMax, latencies: "none" },
  };
}

function refuseWorkload(value: JsonValue): string | undefined {
  const isOne = isJsonObject(value) && typeof value["mandatoryFields"] === "boolean" && Object.keys(value).length === 1;
  return isOne ? undefined : "the workload: must be {mandatoryFields: true} or {mandatoryFields: false}";
}

function build(world: World, { mandatoryFields }: SmallWorkload, options: SmallBoard): void {
  const { lane, stories, artifacts, system, policies = defaultPolicies, endsAtMs } = options;
  const epic = smallEpic(1, stories);
  const { disk } = world.host("server", { programs: [] });
  const workspace = `${projectsFolder}/${epic.dirname}`;
  for (const folder of [projectsFolder, stateFolder, workspace]) disk.makeFolder(folder);
  for (const folder of ["/", "/srv", projectsFolder, stateFolder]) disk.sync(folder);
  for (const [name, content] of Object.entries(artifacts(epic.prd))) {
    disk.write(`${workspace}/${name}`, content);
    for (const path of [`${workspace}/${name}`, workspace]) disk.sync(path);
  }
  const board = new Kanboard({ origin: boardUrl, apiToken: boardToken, initial: emptyBoard });
  world.service(boardUrl, board, { latency: boardLatency });
  const config = orchestratorConfig(boardWorkload(epic, mandatoryFields));
  world.process("people", (ports) => putCard(ports, { epic, lane }), { host: "office" });
  // Who can use the board's own forms is not held up by fields that are required.
  if (mandatoryFields) world.later("fields are required", systemStartsMs * 500, () => board.setMandatoryFields(true));
  for (const [name, main] of Object.entries(system)) {
    world.process(name, (ports) => main(ports, config, policies), { startAfterMs: systemStartsMs });
  }
  if (endsAtMs !== undefined) world.later("the day ends", endsAtMs * 1_000, () => world.kernel.stop("the day ends"));
}

function boardWorkload(epic: ReturnType<typeof smallEpic>, mandatoryFields: boolean): Workload {
  return {
    epics: [epic],
    journey: "fan-out",
    pollers: 1,
    webhookServers: 0,
    pollIntervalMs: 30_000,
    mandatoryFields,
    coderNeedsTries: 1,
    slips: [],
  };
}

async function putCard(
  ports: Ports,
  { epic, lane }: { epic: ReturnType<typeof smallEpic>; lane: number },
): Promise<void> {
  const board = new PeopleBoard(ports);
  ports.log.event(peopleNotes.epicAsked, { reference: epic.reference, mayFail: false, coderTries: 1 });
  await board.createCard({ title: epic.title, description: epic.description, reference: epic.reference });
  const seen = (await board.look())!;
  const card = seen.cards[0]!;
  await board.saveFields(card, { dirname: epic.dirname, context_mode: "NEW" });
  if (lane > 4) ports.log.event(peopleNotes.planApproved, { epic: epic.reference, stories: storyIds(epic.prd) });
  await board.move(seen, card, lane);
}
