import { Body, type Case, type Invariant, type Ports, type Scenario, type Service } from "../../src/index.ts";

const url = "http://counter.test/";

/** A counter over HTTP: GET reads it, PUT replaces it. */
class Counter implements Service {
  readonly name = "counter";
  readonly workersMax = 4;
  private value = 0;

  *serve(...[request, context]: Parameters<Service["serve"]>): ReturnType<Service["serve"]> {
    const rw = request.method === "GET" ? "r" : "w";
    yield { kind: "statement", touches: [{ id: "counter", rw }], costUs: 300 };
    if (rw === "r") return { status: 200, body: Body.ofJson(this.value) };
    this.value = request.body.json() as number;
    context.record({ store: "counter", type: "counter.set", value: this.value });
    return { status: 204 };
  }
}

/** The system: reads, then writes one more. It reaches the world through its ports alone. */
async function raise({ http }: Ports): Promise<void> {
  const read = await http.request({ method: "GET", url, timeoutMs: 1_000, name: "counter.read", key: "c" });
  if (read.kind !== "ok" || read.value.status !== 200) return;
  const body = Body.ofJson((read.value.body.json() as number) + 1);
  await http.request({ method: "PUT", url, body, timeoutMs: 1_000, name: "counter.write", key: "c" });
}

const noLostUpdate: Invariant = {
  id: "X1",
  rule: "Every write raises the counter.",
  start(report) {
    let last = 0;
    let judged = 0;
    return {
      kinds: ["change"],
      observe(event) {
        if (event.kind !== "change" || event.change.type !== "counter.set") return;
        const value = event.change["value"] as number;
        judged++;
        if (value <= last) report({ place: "counter", message: `It was ${last} and was set to ${value}.` });
        last = value;
      },
      checked: () => judged,
    };
  },
};

export const lostUpdate: Scenario<{ readonly processes: number }> = {
  name: "lost-update",
  about: "Several processes raise one counter by reading and writing it.",
  workloads: {
    scripted: [{ processes: 2 }],
    draw: (seed) => ({ processes: 2 + (seed % 3) }),
    refuse: () => undefined,
  },
  build(world, { processes }) {
    world.service("http://counter.test", new Counter());
    for (let index = 0; index < processes; index++) {
      world.process(`raiser-${index}`, raise, { startAfterMs: 5 * index });
    }
  },
  faults: { families: ["delivery", "crash"], faultsMax: 2, faultsUntilMs: 60_000, restartAfterMsMax: 1_000 },
  invariants: [noLostUpdate],
  sometimes: [],
  bounds: { stepsMax: 10_000, virtualMsMax: 600_000 },
};

export const undisturbed: Case = {
  scenario: "lost-update",
  drawSeed: 1,
  workload: { processes: 2 },
  faults: [],
  preemptions: [],
  delays: [],
};

/** The first process learns what it read only after the second one has begun. */
export const answeredLate: Case = {
  ...undisturbed,
  faults: [{ kind: "answer-delayed", delayMs: 50, site: "raiser-0@0/main/counter.read(c)#0" }],
};
