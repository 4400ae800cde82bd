import { expect, test } from "vitest";
import type { Ports } from "../../src/ports/ports.ts";
import type { World } from "../../src/sim/world.ts";
import { runWorld } from "./world-run.ts";

/** Says where each life is; the first one ends by itself after a while, or never. */
function lives(world: World, firstLifeMs: number): (ports: Ports) => Promise<void> {
  return async (ports) => {
    const life = process(world).lives;
    ports.log.event("begun", { life });
    await ports.clock.sleep(life === 1 ? firstLifeMs : 1_000, { key: "work" });
    ports.log.event("ended", { life });
  };
}

const process = (world: World) => world.kernel.processes.get("worker")!;

async function replacedAfter(firstLifeMs: number, kill?: "kill"): Promise<readonly string[]> {
  const faults =
    kill === undefined
      ? []
      : [{ kind: kill, when: "before" as const, restartAfterMs: 8_000, site: "worker@0/main/clock.sleep(work)#0" }];
  const { history } = await runWorld((world) => {
    const worker = world.process("worker", lives(world, firstLifeMs));
    world.later("replace", 5_000_000, () => world.replaceProcess(worker, "a new version"));
  }, faults);
  return history.events.flatMap((event) => {
    if (event.kind === "note") return [`${event.name} ${event.fields["life"] as number}`];
    return event.kind === "process" ? [event.what] : [];
  });
}

test("a process that is still at work is killed, and its next life begins at once", async () => {
  expect(await replacedAfter(60_000)).toEqual(["start", "begun 1", "kill", "start", "begun 2", "ended 2", "finish"]);
});

test("a process that has finished by itself just begins its next life", async () => {
  expect(await replacedAfter(2_000)).toEqual([
    "start",
    "begun 1",
    "ended 1",
    "finish",
    "start",
    "begun 2",
    "ended 2",
    "finish",
  ]);
});

test("a process that was struck down comes back when its restart says, and once", async () => {
  expect(await replacedAfter(60_000, "kill")).toEqual([
    "start",
    "begun 1",
    "kill",
    "start",
    "begun 2",
    "ended 2",
    "finish",
  ]);
});
