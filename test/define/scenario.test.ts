import * as fc from "fast-check";
import { expect, test } from "vitest";
import { z } from "zod";
import { defineInvariant, defineSometimes, noCrash } from "../../src/define/invariant.ts";
import { defineScenario, type ScenarioDefinition } from "../../src/define/scenario.ts";
import { kanboard, serveAt } from "../../src/define/services.ts";
import { Explorer } from "../../src/explore/explorer.ts";
import { inMacrotask } from "../../src/kernel/settle.ts";
import { signatureOf } from "../../src/sim/outcome.ts";
import { runCase, runCaseNow } from "../../src/sim/run-case.ts";
import { tickets, type Tickets } from "./tickets.ts";

test("a scenario runs, ends when the outside is done, and some schedule of it shows the race", async () => {
  const scenario = defineScenario(tickets);
  const explorer = new Explorer(scenario, "portfolio", runCaseNow);
  const signatures = new Map<string, number>();
  const goals = new Set<string>();
  await inMacrotask(() => {
    for (let seed = 1; seed <= 200; seed++) {
      const plan = explorer.plan(seed);
      const outcome = runCaseNow(scenario, plan.case, plan.exploration);
      const signature = signatureOf(outcome.verdict);
      signatures.set(signature, (signatures.get(signature) ?? 0) + 1);
      for (const goal of outcome.sometimes) goals.add(goal);
      expect(["stopped", "violated"]).toContain(outcome.end.kind);
    }
  });
  expect([...signatures.keys()].every((each) => each === "held" || each.startsWith("one-owner"))).toBe(true);
  expect(signatures.get("held")).toBeGreaterThan(0);
  expect(signatures.size).toBeGreaterThan(1);
  expect([...goals]).toEqual(["claimed"]);
});

test("the same case gives the same history, also after other runs", async () => {
  const scenario = defineScenario({ ...tickets, system: { "worker-a": tickets.system["worker-a"]! } });
  const run = async (cards: number): Promise<string> => (await runCase(scenario, caseOf({ cards }))).history.hash();
  const [first, other, again] = [await run(2), await run(3), await run(2)];
  expect(again).toBe(first);
  expect(other).not.toBe(first);
});

test("a check that is never called counts as nothing checked, and each call as one", async () => {
  const scenario = defineScenario({ ...tickets, system: { "worker-a": tickets.system["worker-a"]! } });
  expect((await runCase(scenario, caseOf({ cards: 3 }))).checked).toEqual({ "one-owner": 3 });
  const idle = defineScenario({ ...tickets, system: { "worker-a": async () => {} } });
  expect((await runCase(idle, caseOf({ cards: 3 }))).checked).toEqual({ "one-owner": 0 });
});

test("a process can depend on the workload, start late, and find its files", async () => {
  const seen: string[] = [];
  const scenario = defineScenario<Tickets>({
    name: "files",
    workload: tickets.workload,
    files: ({ cards }) => ({ "/srv/plan.txt": `${cards} cards`, "/srv/empty/": "" }),
    system: {
      always: {
        startAfterMs: 5_000,
        main: async (ports) => {
          const plan = await ports.files.readText("/srv/plan.txt");
          const empty = await ports.files.list("/srv/empty");
          ports.log.event("seen", {
            plan: plan.kind === "ok" ? plan.value : plan.error.code,
            empty: empty.kind === "ok" ? empty.value.length : -1,
            uptimeMs: ports.clock.nowMs() % 10_000,
          });
        },
      },
      "only-many": { main: async (ports) => ports.log.event("many", {}), when: ({ cards }) => cards > 2 },
    },
    invariants: [],
  });
  for (const cards of [1, 3]) {
    const { history, end } = await runCase(scenario, { ...caseOf({ cards }), scenario: "files" });
    expect(end.kind).toBe("quiescent");
    for (const event of history.events) {
      if (event.kind === "note") seen.push(`${event.name} ${JSON.stringify(event.fields)}`);
    }
  }
  expect(seen.filter((line) => line.startsWith("many"))).toHaveLength(1);
  expect(seen.filter((line) => line.includes('"plan":"1 cards","empty":0'))).toHaveLength(1);
  expect(seen.filter((line) => line.includes('"plan":"3 cards","empty":0'))).toHaveLength(1);
});

test("faults strike the system alone unless said otherwise, and none without families", () => {
  expect(defineScenario(tickets).faults).toMatchObject({ families: [], faultsMax: 0 });
  const { faults } = defineScenario({ ...tickets, faults: { families: ["delivery"] } });
  expect(faults).toMatchObject({ faultsMax: 3, victims: ["worker-a", "worker-b"] });
  expect(defineScenario({ ...tickets, faults: { families: ["crash"], victims: ["worker-a"] } }).faults.victims).toEqual(
    ["worker-a"],
  );
});

test("without examples, the first distinct workloads that are drawn are struck by each fault; an empty list is none", async () => {
  const { examples: _, ...rest } = tickets;
  const swept = { ...rest, faults: { families: ["delivery" as const] } };
  const scenario = defineScenario(swept);
  const { scripted } = scenario.workloads;
  expect(scripted.length).toBeGreaterThan(1);
  expect(new Set(scripted.map((each) => JSON.stringify(each))).size).toBe(scripted.length);
  expect(defineScenario(swept).workloads.scripted).toEqual(scripted);
  await inMacrotask(() => {
    const plans = [0, 1, 2, 3].map((seed) => new Explorer(scenario, "sweep", runCaseNow).plan(seed));
    expect(plans.map((plan) => plan.case.faults.length)).toEqual([1, 1, 1, 1]);
  });
  expect(defineScenario({ ...rest, workload: fc.constant({ cards: 1 }) }).workloads.scripted).toEqual([{ cards: 1 }]);
  expect(defineScenario({ ...rest, examples: [] }).workloads.scripted).toEqual([]);
});

test("what a seed draws is plain JSON, always the same, and never refused", () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), (seed) => {
      const { workloads } = defineScenario({
        ...tickets,
        workload: fc.record({
          cards: fc.constantFrom(-0, 1),
          note: fc.option(fc.string(), { nil: undefined }),
        }),
        examples: [],
        schema: () => undefined,
      });
      const drawn = workloads.draw(seed);
      expect(JSON.parse(JSON.stringify(drawn))).toEqual(drawn);
      expect(Object.is((drawn as Tickets).cards, -0)).toBe(false);
      expect(workloads.draw(seed)).toEqual(drawn);
      expect(workloads.refuse(drawn)).toBeUndefined();
    }),
    { numRuns: 20 },
  );
});

test("a workload out of a file is refused when the generator could not have drawn it, or the schema says so", () => {
  const drawn = defineScenario(tickets).workloads;
  expect(drawn.refuse({ cards: 2 })).toBeUndefined();
  expect(drawn.refuse({ cards: 9 })).toMatch(/generator/);
  expect(drawn.refuse({})).toMatch(/generator/);
  const schema = z.strictObject({ cards: z.int().min(1) });
  const parsed = defineScenario({ ...tickets, schema }).workloads;
  expect(parsed.refuse({ cards: 9 })).toBeUndefined();
  expect(parsed.refuse({ cards: "many" })).toMatch(/^the workload: cards: /);
  const mapped = defineScenario({ ...tickets, workload: fc.nat(2).map((n) => ({ cards: n + 1 })) }).workloads;
  expect(mapped.refuse({ anything: true })).toBeUndefined();
});

test("the generator's own shrinking is asked for simpler workloads", async () => {
  const asked: number[] = [];
  const { workloads } = defineScenario({ ...tickets, workload: fc.record({ cards: fc.integer({ min: 1, max: 99 }) }) });
  const seed = [1, 2, 3, 4, 5].find((each) => (workloads.draw(each) as Tickets).cards > 10)!;
  await workloads.shrink!(seed, (workload) => {
    asked.push((workload as Tickets).cards);
    return Promise.resolve((workload as Tickets).cards > 10);
  });
  expect(asked[0]).toBe((workloads.draw(seed) as Tickets).cards);
  expect(asked).toContain(11);
});

test.each([
  ["observes", { observe: () => thrown("no card"), finish: () => {} }],
  ["finishes", { observe: () => {}, finish: () => thrown("no card") }],
])("a judge that throws while it %s breaks its rule, and no process", async (_, judged) => {
  const faulty = defineInvariant({ id: "faulty", rule: "Any.", kinds: ["note"], judge: () => judged });
  const one = { "worker-a": tickets.system["worker-a"]! };
  const scenario = defineScenario({ ...tickets, system: one, invariants: [noCrash, faulty] });
  const { verdict, history } = await runCase(scenario, caseOf({ cards: 1 }));
  expect(verdict).toMatchObject({
    kind: "violated",
    violation: { invariant: "faulty", place: "the invariant itself", message: "Its judge threw Error: no card." },
  });
  expect(history.events.some((event) => event.kind === "process" && event.what === "crash")).toBe(false);
});

test.each([
  ["looks on", () => () => thrown("no card")],
  ["begins", () => thrown("no card")],
] as const)(
  "a goal whose judge throws while it %s breaks its own run, which says so, and no process",
  async (_, judge) => {
    let isThrown = true;
    const faulty = defineSometimes({
      name: "two claims",
      kinds: ["note"],
      judge: (hit) => (isThrown ? judge() : () => hit()),
    });
    const scenario = defineScenario({ ...tickets, invariants: [noCrash], sometimes: ["claimed", faulty] });
    const { verdict, history } = await runCase(scenario, caseOf({ cards: 1 }));
    expect(signatureOf(verdict)).toBe('broken: the judge of the goal "two claims" threw Error: no card');
    expect(history.events.some((event) => event.kind === "process" && event.what === "crash")).toBe(false);
    isThrown = false;
    const next = await runCase(scenario, caseOf({ cards: 1 }));
    expect([signatureOf(next.verdict), next.sometimes]).toEqual(["held", ["claimed", "two claims"]]);
  },
);

test("a judge that cannot begin breaks its rule", async () => {
  const faulty = defineInvariant({ id: "faulty", rule: "Any.", kinds: ["note"], judge: () => thrown("no board") });
  const { verdict } = await runCase(defineScenario({ ...tickets, invariants: [faulty] }), caseOf({ cards: 1 }));
  expect(signatureOf(verdict)).toBe("faulty: the invariant itself");
});

test("a run whose outside throws, or that cannot be built, is broken and has not held", async () => {
  const driven = defineScenario({ ...tickets, drive: () => Promise.reject(new Error("no people")) });
  const drivenEnd = await runCase(driven, caseOf({ cards: 1 }));
  expect(signatureOf(drivenEnd.verdict)).toBe("broken: drive threw Error: no people");
  const built = defineScenario({ ...tickets, services: () => thrown("no port") });
  const builtEnd = await runCase(built, caseOf({ cards: 1 }));
  expect(signatureOf(builtEnd.verdict)).toBe("broken: scenario tickets cannot be built: Error: no port");
});

test("a process that throws has crashed, which breaks a rule where the scenario asks for it", async () => {
  const system = { "worker-a": () => Promise.reject(new Error("no work")) };
  const end = await runCase(defineScenario({ ...tickets, system, invariants: [noCrash] }), caseOf({ cards: 1 }));
  expect(signatureOf(end.verdict)).toBe("no-crash: worker-a");
  const held = await runCase(defineScenario({ ...tickets, system, invariants: [] }), caseOf({ cards: 1 }));
  expect(held.verdict.kind).toBe("held");
});

function thrown(message: string): never {
  throw new Error(message);
}

const wrong: readonly (readonly [Partial<Record<keyof ScenarioDefinition<Tickets>, unknown>>, RegExp])[] = [
  [{ name: "Not Kebab" }, /^defineScenario "Not Kebab": name: must be in kebab-case/],
  [{ name: undefined }, /^defineScenario: name: is missing/],
  [{ invariant: [] } as never, /invariant: there is no such member; there are name, .*invariants/],
  [{ workload: { cards: 1 } }, /workload: must be a fast-check arbitrary/],
  [{ workload: fc.date() }, /workload: what it draws must be plain JSON, and is not: a Date/],
  [{ workload: fc.record({ at: fc.constant({ when: Number.NaN }) }), examples: [] }, /at\.when: NaN/],
  [{ examples: [{ cards: 0n }] }, /examples\.0: must be plain JSON, and is not: cards: a bigint/],
  [
    { schema: z.strictObject({ cards: z.string() }) },
    /examples\.0: is refused by schema.*workload: what it draws is ref/,
  ],
  [{ system: {} }, /system: must name at least one process/],
  [{ system: { people: async () => {} } }, /system: people: is the process that drive runs as/],
  [{ system: { a: { run: async () => {} } } }, /system: a: must be a function/],
  [{ services: [{ origin: "http://board.test/api", create: () => undefined }] }, /services: 0: origin: must be as/],
  [{ services: [{}] }, /services: 0: origin/],
  [{ programs: ["git"] }, /programs: 0: must be a program/],
  [{ files: { "plan.txt": "" } }, /files: plan\.txt: must be an absolute path/],
  [{ faults: { families: ["gremlins"] } }, /faults: families: there is no gremlins; there are board, clock, crash/],
  [{ faults: { faultMax: 2 } }, /faults: faultMax: there is no such member; there are faultsMax/],
  [{ faults: { faultsMax: 1.5 } }, /faults: faultsMax: must be a whole number/],
  [{ bounds: { stepsMax: "many" } }, /bounds: stepsMax: must be a whole number/],
  [{ invariants: [{ id: "x" }] }, /invariants: 0: must be an invariant/],
  [{ sometimes: [""] }, /sometimes: 0: must not be empty/],
  [{ drive: "a while" }, /drive: must be a function/],
];

test.each(wrong)("a bad member is named: %#", (change, message) => {
  expect(() => defineScenario({ ...tickets, ...change } as ScenarioDefinition<Tickets>)).toThrow(message);
});

test("a board has the columns and cards that it was given, and two runs do not share it", () => {
  const { origin, create } = kanboard({ columns: ["To do", "Done"], cards: [{ title: "One", column: 2 }] });
  expect(origin).toBe("http://board.test");
  const [one, two] = [create(), create()];
  expect(one).not.toBe(two);
  expect(() => kanboard({ columns: ["To do"], cards: [{ title: "One", column: 2 }] })).toThrow(
    "kanboard: card One: column 2: there are 1, from 1",
  );
  expect(serveAt("http://other.test", create).create()).not.toBe(one);
});

function caseOf(workload: Tickets) {
  return { scenario: "tickets", drawSeed: 1, workload, faults: [], preemptions: [], delays: [] };
}
