import fc from "fast-check";
import { expect, test } from "vitest";
import type { Fault } from "../../../src/faults/fault.ts";
import { PlannedFaults } from "../../../src/faults/plan.ts";
import { History } from "../../../src/history/history.ts";
import { Kernel } from "../../../src/kernel/kernel.ts";
import { openLease } from "../../../src/orchestrator/claims/open-lease.ts";
import { followCard } from "../../../src/orchestrator/work-package/follow-card.ts";
import { decideApproval } from "../../../src/orchestrator/work-package/lifecycle.ts";
import { openPackage, type PackageShelf } from "../../../src/orchestrator/work-package/open-package.ts";
import { parseEvent, type PackageEvent } from "../../../src/orchestrator/work-package/package-event.ts";
import { writeIndex } from "../../../src/orchestrator/work-package/package-index.ts";
import type { ArtifactKind } from "../../../src/orchestrator/work-package/stages.ts";
import { packageOf } from "../../../src/orchestrator/work-package/work-package.ts";
import { writeDurably } from "../../../src/orchestrator/workspace/durable-write.ts";
import type { Ports } from "../../../src/ports/ports.ts";
import type { HostDisk } from "../../../src/sim/disk/host-disk.ts";
import { World } from "../../../src/sim/world.ts";

const folder = "/srv/work-packages";
const root = `${folder}/EPIC-1`;
const workspace = "/srv/projects/login";
const artifacts: readonly { readonly kind: ArtifactKind; readonly path: string }[] = [
  { kind: "design", path: "DESIGN.md" },
  { kind: "planning", path: "prd.json" },
];

type Step =
  | { readonly write: string; readonly text: string }
  | { readonly lane: number }
  | { readonly approve: ArtifactKind };

/** A life with every kind of event: steps forward, a refused drag, a change, a way back and forward again. */
const wholeLife: readonly Step[] = [
  { lane: 1 },
  { lane: 2 },
  { write: "DESIGN.md", text: "one" },
  { lane: 5 },
  { lane: 3 },
  { write: "DESIGN.md", text: "two" },
  { lane: 2 },
  { lane: 3 },
  { write: "prd.json", text: "{}" },
  { lane: 3 },
  { approve: "planning" },
  { lane: 5 },
];

interface Life {
  readonly disk: HostDisk;
  readonly sites: readonly string[];
  /** Approvals that somebody was told of. */
  readonly told: readonly string[];
  readonly steps: number;
}

/**
 * Lives through the steps, each again and again until it is answered.
 *
 * @param seed says what of the names and contents that were not synced outlives a crash of the host
 */
async function live(steps: readonly Step[], faults: readonly Fault[] = [], seed = 1): Promise<Life> {
  const told: string[] = [];
  let done = 0;
  let generation = 0;
  const history: History = new History(() => kernel.nowUs);
  const kernel = new Kernel({ seed, observer: history, stepsMax: 100_000, virtualMsMax: 3_600_000 });
  const world = new World({ kernel, history, faults: new PlannedFaults(faults) });
  const { disk } = world.host();
  for (const each of ["/srv", "/srv/projects", workspace]) disk.makeFolder(each);
  for (const each of ["/", "/srv", "/srv/projects"]) disk.sync(each);
  world.process("core", async (ports) => {
    // Each life has a lease of its own.
    generation += 1;
    const shelf = { ports, folder, guard: openLease("EPIC-1", 60_000), diskMarginMs: 0, generation };
    for (let tries = 0; done < steps.length && tries < 40; tries++) {
      const approved = await perform(shelf, steps[done]!);
      if (approved === undefined) continue;
      told.push(...approved);
      done += 1;
    }
    await writeIndex(shelf, "core");
  });
  const end = await kernel.run();
  expect(end.kind).toBe("quiescent");
  const sites = history.events.flatMap((event) => (event.kind === "sent" ? [event.op.site] : []));
  return { disk, sites, told, steps: done };
}

/** @returns all approvals after the step; undefined when it has to be done again */
async function perform(shelf: PackageShelf, step: Step): Promise<readonly string[] | undefined> {
  if ("write" in step) return (await writeWorkspace(shelf.ports, step)) ? [] : undefined;
  if ("lane" in step) {
    const place = { reference: "EPIC-1", title: "Log in", workspace, artifacts, who: "ann", reason: "", cause: "" };
    const followed = await followCard(shelf, { ...place, lane: step.lane });
    return followed.kind === "ok" ? approvalsOf(followed.value.opened.work) : undefined;
  }
  const opened = await openPackage(shelf, "EPIC-1");
  if (opened.kind !== "ok") return opened.kind === "refused" ? [] : undefined;
  const { work, contents } = opened.value;
  const decision = decideApproval(work, contents, step.approve);
  if (decision.kind === "refused") return [];
  const recorded = await opened.value.record(decision.deeds, { who: "ann", reason: "", cause: "" });
  return recorded.kind === "ok" ? approvalsOf(opened.value.work) : undefined;
}

async function writeWorkspace(ports: Ports, step: { readonly write: string; readonly text: string }): Promise<boolean> {
  const path = `${workspace}/${step.write}`;
  return (await writeDurably(ports.files, { path, temporaryPath: `${path}.new`, content: step.text })).kind === "ok";
}

function approvalsOf(work: {
  readonly approvals: Readonly<Record<string, readonly { sequence: number; contents: unknown }[]>>;
}): string[] {
  return Object.entries(work.approvals).flatMap(([kind, all]) =>
    all.map(({ sequence, contents }) => `${kind} ${sequence} ${JSON.stringify(contents)}`),
  );
}

function eventsOn(disk: HostDisk): readonly (PackageEvent | undefined)[] {
  return disk.list(`${root}/approvals`).map(({ name }) => parseEvent(disk.readText(`${root}/approvals/${name}`), name));
}

/** What everybody sees in the end: without what depends on when it happened. */
function shown(disk: HostDisk): string {
  return disk
    .readText(`${root}/dashboard/status.json`)
    .replaceAll(/"(atMs|sequence)": \d+/g, '"$1": 0')
    .replaceAll(/event \d+/g, "event");
}

const afterwards = [{ kind: "host-crash", when: "after" }] as const;
const midway = [
  { kind: "host-crash", when: "during" },
  { kind: "kill", when: "during" },
] as const;

/** What must hold of the files of a package, whatever happened to it. */
function expectSound({ disk, told }: Life, place: string): void {
  const events = eventsOn(disk);
  expect(events, place).not.toContain(undefined);
  const work = packageOf(events as PackageEvent[])!;
  expect(work.problems, place).toEqual([]);
  expect(approvalsOf(work), place).toEqual(expect.arrayContaining([...told]));
  const manifest = JSON.parse(disk.readText(`${root}/manifest.json`)) as object;
  expect(manifest, place).toMatchObject({ stage: work.stage, sequence: work.sequence });
  expect(disk.list(`${root}/tmp`), place).toEqual([]);
  expect(disk.readText(`${folder}/README.md`), place).toContain(`| ${work.stage} |`);
}

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ write: fc.constantFrom("DESIGN.md", "prd.json"), text: fc.constantFrom("one", "two") }),
  fc.record({ approve: fc.constantFrom<ArtifactKind>("design", "planning") }),
  fc.record({ lane: fc.integer({ min: 1, max: 6 }) }),
);

test("any life that two crashes interrupt ends as without them", async () => {
  const lives = fc.array(anyStep, { minLength: 1, maxLength: 10 }).map((steps): Step[] => [{ lane: 1 }, ...steps]);
  const share = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });
  await fc.assert(
    fc.asyncProperty(lives, share, share, fc.nat(), async (steps, first, second, seed) => {
      const calm = await live(steps);
      const sites = new Set([first, second].map((each) => calm.sites[Math.floor(each * calm.sites.length)]!));
      const faults = [...sites].map((site) => ({ ...midway[0], restartAfterMs: 100, site }));
      const life = await live(steps, faults, seed);
      expect(life.steps).toBe(steps.length);
      expectSound(life, "");
      expect(shown(life.disk)).toBe(shown(calm.disk));
    }),
    { numRuns: 80 },
  );
}, 60_000);

test("a package opens after a crash at any operation, with every approval that was told, and ends as without one", async () => {
  const calm = await live(wholeLife);
  expect(calm.steps).toBe(wholeLife.length);
  const status = JSON.parse(calm.disk.readText(`${root}/dashboard/status.json`)) as { stage: string };
  expect(status.stage).toBe("plan-approved");
  expect(calm.sites.length).toBeGreaterThan(100);
  for (const [index, site] of calm.sites.entries()) {
    // In the midst of what changes nothing is the same as after it.
    const changes = /disk\.(write|rename|sync|remove|makeFolder)/.test(site);
    for (const fault of changes ? [...afterwards, ...midway] : afterwards) {
      const place = `${fault.kind} ${fault.when} ${site}`;
      const life = await live(wholeLife, [{ ...fault, restartAfterMs: 100, site }], index);
      expect(life.steps, place).toBe(wholeLife.length);
      expectSound(life, place);
      expect(shown(life.disk), place).toBe(shown(calm.disk));
    }
  }
}, 60_000);

test("keeps what was approved, word for word", async () => {
  const { disk } = await live(wholeLife);
  const kept = disk
    .list(`${root}/artifacts/design`)
    .map(({ name }) => disk.readText(`${root}/artifacts/design/${name}`));
  expect(kept.toSorted()).toEqual(["one", "two"]);
});
