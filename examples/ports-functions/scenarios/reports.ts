import { defineInvariant, defineScenario, fc, kanboard, noCrash, type Scenario } from "stormlane";
import type { Report } from "../src/reports.ts";
import { work } from "../src/worker.ts";

const epic = 1;

const reportsStay = defineInvariant({
  id: "reports-stay",
  rule: "What a worker has reported stands on the card in the end.",
  kinds: ["note", "change"],
  stores: ["board"],
  judge(check) {
    const reported: string[] = [];
    const values = new Map<string, string>();
    return {
      observe(event) {
        if (event.kind === "note") {
          if (event.name === "part.reported") reported.push(event.fields["part"] as string);
        } else if (event.change.type === "metadata.saved") {
          values.set(event.change["name"] as string, event.change["value"] as string);
        }
      },
      finish() {
        const written = new Set([...values.values()].flatMap((value) => value.split(", ")));
        for (const part of reported) {
          check(written.has(part), {
            place: "the card",
            message: `Part ${part} was reported, and the card has lost it.`,
          });
        }
      },
    };
  },
});

/** Two workers on the parts of one card, while answers get lost and workers stand still. */
export function reports(name: string, report: Report): Scenario {
  return defineScenario({
    name,
    workload: fc.record({ parts: fc.integer({ min: 1, max: 3 }) }),
    services: [kanboard({ cards: [{ title: "Launch the shop" }] })],
    system: {
      "worker-a": (ports, { parts }) => work(ports, report, epic, names("a", parts)),
      "worker-b": (ports, { parts }) => work(ports, report, epic, names("b", parts)),
    },
    faults: { families: ["delivery", "clock"], faultsMax: 2 },
    invariants: [reportsStay, noCrash],
    sometimes: ["part.reported"],
  });
}

function names(worker: string, parts: number): readonly string[] {
  return Array.from({ length: parts }, (_, index) => `${worker}${index + 1}`);
}
