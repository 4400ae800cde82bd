import { codex } from "../../fakes/cli/codex/codex.ts";
import { Kanboard } from "../../fakes/kanboard/kanboard.ts";
import { ModelProvider } from "../../fakes/llm/model-provider.ts";
import { boardScenario } from "../../scenarios/board-world/board-world.ts";
import { modelUrl, projectsFolder } from "../../scenarios/board-world/settings.ts";
import type { Workload } from "../../scenarios/board-world/workload.ts";
import type { HistoryEvent } from "../../src/history/event.ts";
import type { Service } from "../../src/ports/service.ts";
import { epochMs } from "../../src/kernel/time.ts";
import type { HostOptions } from "../../src/sim/host.ts";
import { runCase } from "../../src/sim/run-case.ts";
import type { World } from "../../src/sim/world.ts";
import { readBoardState } from "./board-state.ts";
import { stateOf, type EndState } from "./end-state.ts";
import { answerOfCoder, modelScript } from "./epic.ts";
import { fileEntry } from "./workspace-state.ts";

/**
 * What the same epic comes to in a simulation without faults, by the same model and the same coder: the core is the same
 * code, so that an end that is another one is a drift of ports or fakes.
 *
 * @throws when the simulated run does not hold
 */
export async function simulateEnd(workload: Workload): Promise<EndState> {
  const scenario = boardScenario({
    name: "live-epic",
    about: "An epic as real processes work it.",
    scripted: [workload],
    draw: () => workload,
    faults: { families: [], faultsMax: 0, faultsUntilMs: 0, restartAfterMsMax: 0 },
    sometimes: [],
  });
  let world: World | undefined;
  let board: Kanboard | undefined;
  const build = (given: World): void => {
    world = given;
    const own = {
      service: (origin: string, service: Service) => {
        if (service instanceof Kanboard) board = service;
        given.service(origin, origin === modelUrl ? new ModelProvider({ script: modelScript(workload) }) : service);
      },
      host: (name: string, options: HostOptions = {}) => {
        const others = (options.programs ?? []).filter(({ name: program }) => program !== "codex");
        return given.host(name, { ...options, programs: [...others, codex(answerOfCoder)] });
      },
    };
    scenario.build(Object.assign(Object.create(given) as World, own), workload);
  };
  const input = { scenario: scenario.name, drawSeed: 1, workload, faults: [], preemptions: [], delays: [] };
  const { verdict, history, stats } = await runCase({ ...scenario, build }, input);
  if (verdict.kind !== "held" || board === undefined || world === undefined) {
    throw new Error(`the simulated epic came to: ${JSON.stringify(verdict)}`);
  }
  const nowMs = epochMs + Math.floor(stats.virtualMs);
  const simulatedBoard = board;
  return stateOf([
    ...(await readBoardState((method, params) => simulatedBoard.seed(method, params, nowMs))),
    ...filesOn(world),
    ...history.events.flatMap(commitIn),
  ]);
}

/** A real end in the words of a simulated one: of what git has, commits by subject. */
export function asSimulated(end: EndState): EndState {
  const commits = new Set<string>();
  const others: (readonly [name: string, value: string])[] = [];
  for (const [name, values] of end) {
    if (!name.startsWith("git ")) others.push(...values.map((value) => [name, value] as const));
    else if (/^git \S+ branch /.test(name))
      for (const line of values.flatMap((each) => each.split("\n"))) commits.add(line);
  }
  // Tree, author, subject.
  const subjects = [...commits].map((line) => line.split(" ").slice(2).join(" "));
  return stateOf([...others, ...subjects.map((subject) => [`commit ${subject}`, "there"] as const)]);
}

function commitIn(event: HistoryEvent): (readonly [name: string, value: string])[] {
  if (event.kind !== "change" || event.change.store !== "git") return [];
  const [subject] = (event.change["message"] as string).split("\n");
  return [[`commit ${subject}`, "there"]];
}

function filesOn(world: World): (readonly [name: string, value: string])[] {
  const { disk } = world.host();
  return disk.snapshot().flatMap((entry) => {
    if (entry.kind === "folder" || !entry.path.startsWith(`${projectsFolder}/`)) return [];
    const [name, ...rest] = entry.path.slice(projectsFolder.length + 1).split("/");
    const place = rest.join("/");
    if (place === "" || /(?:^|\/)\.git(?:\/|$)/.test(place)) return [];
    const read = fileEntry(
      name!,
      place,
      entry.kind === "link" ? { target: entry.target } : { text: disk.readText(entry.path) },
    );
    return read === undefined ? [] : [read];
  });
}
