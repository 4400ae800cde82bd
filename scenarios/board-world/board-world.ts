import type { ProgramFault } from "../../fakes/cli/program-fault.ts";
import { codex } from "../../fakes/cli/codex/codex.ts";
import { git } from "../../fakes/cli/git/git.ts";
import { misbehave } from "../../fakes/cli/misbehave.ts";
import { pytest } from "../../fakes/cli/pytest/pytest.ts";
import { Kanboard } from "../../fakes/kanboard/kanboard.ts";
import { ModelProvider } from "../../fakes/llm/model-provider.ts";
import {
  boardInvariants,
  defaultPolicies,
  noCrash,
  startPoller,
  startWebhookServer,
  type Bounds,
  type FaultSettings,
  type Policies,
  type Scenario,
  type Sometimes,
  type World,
} from "../../src/index.ts";
import { Deploying, type Start } from "./deployment.ts";
import { operator } from "./operator.ts";
import { people } from "./people.ts";
import { relay } from "./relay.ts";
import { coderScript, plannerScript } from "./scripts.ts";
import {
  boardToken,
  boardUrl,
  emptyBoard,
  facts,
  modelUrl,
  orchestratorConfig,
  projectsFolder,
  stateFolder,
  webhookPort,
  webhookToken,
} from "./settings.ts";
import { isCardSlip } from "./slips.ts";
import { refuseWorkload, type Workload } from "./workload.ts";

/** What one scenario of the board world is about; the world itself is the same for all. */
export interface BoardScenario {
  readonly name: string;
  readonly about: string;
  readonly scripted: readonly Workload[];
  readonly draw: (seed: number) => Workload;
  readonly shrink?: (seed: number, fails: (workload: Workload) => Promise<boolean>) => Promise<void>;
  readonly faults: FaultSettings;
  readonly sometimes: readonly Sometimes[];
  readonly policies?: Policies;
  /** Of all its workloads; the board's own unless given. */
  readonly mode?: "single-card";
}

const bounds: Bounds = { stepsMax: 300_000, virtualMsMax: 4 * 3_600_000 };

export function boardScenario(options: BoardScenario): Scenario {
  const policies = options.policies ?? defaultPolicies;
  return {
    name: options.name,
    about: options.about,
    workloads: {
      scripted: options.scripted,
      draw: options.draw,
      refuse: refuseWorkload,
      ...(options.shrink === undefined ? {} : { shrink: options.shrink }),
    },
    build: (world, workload) =>
      buildWorld(world, workload as Workload, { policies, faultsUntilMs: options.faults.faultsUntilMs }),
    faults: options.faults,
    // Whoever dies of an error of their own, people among them, does nothing wrong any more: it must not pass unseen.
    invariants: [...boardInvariants(options.mode === undefined ? facts : { ...facts, mode: options.mode }), noCrash],
    sometimes: options.sometimes,
    bounds,
  };
}

function buildWorld(
  world: World,
  workload: Workload,
  options: { readonly policies: Policies; readonly faultsUntilMs: number },
): void {
  setUpServer(world, workload);
  const board = new Kanboard({
    origin: boardUrl,
    apiToken: boardToken,
    initial: emptyBoard,
    webhook: webhookOf(workload),
  });
  world.service(boardUrl, board);
  world.service(modelUrl, new ModelProvider({ script: plannerScript(workload) }));
  startSystem(world, workload, options.policies);
  const fileSlips = workload.slips.filter((slip) => !isCardSlip(slip));
  if (fileSlips.length > 0) world.process("operator", (ports) => operator(ports, fileSlips), { daemon: true });
  world.process(
    "people",
    (ports) =>
      people(ports, {
        workload,
        // Who can use the board's own forms is not held up by fields that are required.
        allAsked: () => board.setMandatoryFields(workload.mandatoryFields),
        goHome: (reason) => world.kernel.stop(reason),
        faultsUntilMs: options.faultsUntilMs,
      }),
    { host: "office", startAfterMs: 1_000 },
  );
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
    if (!/^[a-z0-9][a-z0-9-]*$/.test(dirname)) continue;
    const workspace = `${projectsFolder}/${dirname}`;
    disk.makeFolder(workspace);
    disk.write(`${workspace}/prd.json`, `${JSON.stringify(prd, null, 2)}\n`);
    for (const path of [projectsFolder, workspace, `${workspace}/prd.json`]) disk.sync(path);
  }
}

/** Processes start within the same second: the order of their first steps is for the schedule to decide. */
function startSystem(world: World, workload: Workload, policies: Policies): void {
  const deploy = new Deploying(world, workload.deployment);
  for (let index = 0; index < workload.pollers; index++) {
    const first = { config: orchestratorConfig(workload), policies };
    const start: Start = (ports, { config, policies }, stop) => startPoller(ports, config, policies, stop);
    deploy.process(`poller-${"abc"[index]!}`, { first, start, startAfterMs: 100 * index });
  }
  for (let index = 0; index < workload.webhookServers; index++) {
    const first = { config: orchestratorConfig(workload, index), policies };
    const name = workload.webhookServers === 1 ? "webhooks" : `webhooks-${index + 1}`;
    const start: Start = async (ports, { config, policies }, stop) =>
      void (await startWebhookServer(ports, config, policies, stop));
    deploy.process(name, { first, start, startAfterMs: 0 });
  }
  if (workload.webhookServers > 1) {
    world.process("relay", (ports) => relay(ports, workload.webhookServers), { daemon: true });
  }
}

function webhookOf(workload: Workload): { url: string; token: string; timeLimitMs: number } | null {
  if (workload.webhookServers === 0) return null;
  const port = workload.webhookServers === 1 ? webhookPort : webhookPort - 1;
  return { url: `http://127.0.0.1:${port}/webhook`, token: webhookToken, timeLimitMs: 10_000 };
}
