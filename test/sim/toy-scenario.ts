import { Body } from "../../src/base/body.ts";
import type { Invariant, Sometimes } from "../../src/invariants/invariant.ts";
import type { IncomingRequest, OutgoingResponse } from "../../src/ports/http.ts";
import type { Ports } from "../../src/ports/ports.ts";
import type { Service, ServiceContext, ServiceResume, ServiceStep } from "../../src/ports/service.ts";
import type { FaultSettings, Scenario } from "../../src/sim/scenario.ts";
import type { World } from "../../src/sim/world.ts";

/** A register over HTTP: GET reads it, PUT replaces it. Reading and writing are a statement each. */
export class Register implements Service {
  readonly name = "board";
  readonly workersMax: number;
  readonly faults = ["busy"];
  value = 0;

  constructor(workersMax = 4) {
    this.workersMax = workersMax;
  }

  *serve(request: IncomingRequest, context: ServiceContext): Generator<ServiceStep, OutgoingResponse, ServiceResume> {
    if (context.fault === "busy") return { status: 503 };
    const rw = request.method === "GET" ? "r" : "w";
    yield { kind: "statement", touches: [{ id: "register", rw }], costUs: 300 };
    if (rw === "r") return { status: 200, body: Body.ofJson(this.value) };
    this.value = request.body.json() as number;
    context.record({ store: "board", type: "register.set", value: this.value });
    return { status: 204 };
  }
}

export const registerUrl = "http://board.test/value";

async function readRegister(ports: Ports): Promise<number | undefined> {
  const answer = await ports.http.request({
    method: "GET",
    url: registerUrl,
    timeoutMs: 1_000,
    name: "register.get",
    key: "r",
  });
  return answer.kind === "ok" && answer.value.status === 200 ? (answer.value.body.json() as number) : undefined;
}

export async function writeRegister(ports: Ports, value: number): Promise<boolean> {
  const answer = await ports.http.request({
    method: "PUT",
    url: registerUrl,
    body: Body.ofJson(value),
    timeoutMs: 1_000,
    name: "register.put",
    key: "r",
  });
  return answer.kind === "ok" && answer.value.status === 204;
}

/** The register never goes back: it does when two processes read, then write, at the same time. */
const neverLost: Invariant = {
  id: "T1",
  rule: "No increment of the register is lost.",
  start(report) {
    let last = 0;
    let seen = 0;
    return {
      kinds: ["change"],
      observe(event) {
        if (event.kind !== "change" || event.change.type !== "register.set") return;
        seen++;
        const value = event.change["value"] as number;
        if (value <= last) report({ place: "register", message: `It was ${last} and was set to ${value}.` });
        last = value;
      },
      checked: () => seen,
    };
  },
};

const reached: Sometimes = {
  name: "the register moved",
  start: (hit) => ({ kinds: ["change"], observe: (event) => void (event.kind === "change" && hit()) }),
};

export type ToyWorkload = { readonly processes: number; readonly rounds: number };

export const toyFaults: FaultSettings = {
  families: ["delivery", "board", "crash", "clock"],
  faultsMax: 3,
  faultsUntilMs: 600_000,
  serviceFaults: { board: ["busy"] },
  restartAfterMsMax: 1_000,
};

/** Some processes increment one register, each by reading and then writing it. */
export function toyScenario(
  main: (ports: Ports, workload: ToyWorkload) => Promise<void> = increment,
  build: (world: World, workload: ToyWorkload) => void = () => {},
): Scenario<ToyWorkload> {
  return {
    name: "toy",
    about: "A race between a read and a write.",
    workloads: {
      scripted: [{ processes: 2, rounds: 2 }],
      draw: (seed) => ({ processes: 2 + (seed % 2), rounds: 1 + (seed % 3) }),
      refuse: () => undefined,
    },
    build(world, workload) {
      world.service("http://board.test", new Register());
      build(world, workload);
      for (let index = 0; index < workload.processes; index++) {
        world.process(`p${index}`, (ports) => main(ports, workload), { startAfterMs: index * 100 });
      }
    },
    faults: toyFaults,
    invariants: [neverLost],
    sometimes: [reached],
    bounds: { stepsMax: 20_000, virtualMsMax: 3_600_000 },
  };
}

async function increment(ports: Ports, workload: ToyWorkload): Promise<void> {
  for (let round = 0; round < workload.rounds; round++) {
    const value = await readRegister(ports);
    if (value !== undefined) await writeRegister(ports, value + 1);
    await ports.clock.sleep(500);
  }
}
