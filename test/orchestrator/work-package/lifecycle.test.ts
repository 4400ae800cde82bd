import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sha256 } from "../../../src/base/digest.ts";
import {
  agentRefusals,
  decideApproval,
  decideArtifact,
  decideDrag,
  decideMove,
  type Decision,
} from "../../../src/orchestrator/work-package/lifecycle.ts";
import {
  eventFileName,
  parseEvent,
  sequenceOfFileName,
  serialiseEvent,
  type PackageDeed,
  type PackageEvent,
} from "../../../src/orchestrator/work-package/package-event.ts";
import {
  artifactKinds,
  laneOfStage,
  stageGates,
  stages,
  type ArtifactKind,
} from "../../../src/orchestrator/work-package/stages.ts";
import {
  isApproved,
  judgeArtifacts,
  packageOf,
  type WorkPackage,
} from "../../../src/orchestrator/work-package/work-package.ts";

const pathOf: Readonly<Record<ArtifactKind, string>> = {
  design: "DESIGN.md",
  planning: "prd.json",
  tests: "tests/TEST_PLAN_S1.md",
  implementation: "src/S1.py",
};

/** A package and its workspace, both in memory. */
class Bench {
  readonly events: PackageEvent[] = [];
  readonly workspace = new Map<string, string>();

  constructor() {
    this.append([{ type: "opened", reference: "EPIC-1", title: "Log in", workspace: "/w" }]);
  }

  get work(): WorkPackage {
    return packageOf(this.events)!;
  }

  get contents(): ReadonlyMap<string, string> {
    return new Map([...this.workspace].map(([path, text]) => [path, sha256(text)]));
  }

  write(kind: ArtifactKind, text: string, path = pathOf[kind]): Decision {
    this.workspace.set(path, text);
    return this.take(decideArtifact(this.work, this.contents, { kind, path }));
  }

  approve(kind: ArtifactKind): Decision {
    return this.take(decideApproval(this.work, this.contents, kind));
  }

  move(to: string): Decision {
    return this.take(decideMove(this.work, this.contents, to));
  }

  drag(to: string): Decision {
    return this.take(decideDrag(this.work, this.contents, to));
  }

  stateOf(kind: ArtifactKind): string | undefined {
    return judgeArtifacts(this.work, this.contents).find(
      (each) => each.path === pathOf[kind] && each.state !== "superseded",
    )?.state;
  }

  private take(decision: Decision): Decision {
    if (decision.kind === "deeds") this.append(decision.deeds);
    return decision;
  }

  private append(deeds: readonly PackageDeed[]): void {
    for (const deed of deeds) {
      const sequence = this.events.length + 1;
      this.events.push({ ...deed, sequence, atMs: sequence, who: "ann", reason: "", cause: "" });
    }
  }
}

type Act =
  | { readonly act: "write"; readonly kind: ArtifactKind; readonly text: string }
  | { readonly act: "remove" | "approve"; readonly kind: ArtifactKind }
  | { readonly act: "move" | "drag"; readonly to: string };

const kind = fc.constantFrom(...artifactKinds);
const acts: fc.Arbitrary<readonly Act[]> = fc.array(
  fc.oneof(
    fc.record({ act: fc.constant("write" as const), kind, text: fc.constantFrom("a", "b") }),
    fc.record({ act: fc.constantFrom("remove" as const, "approve" as const, "approve" as const), kind }),
    fc.record({ act: fc.constantFrom("move" as const, "drag" as const), to: fc.constantFrom(...stages) }),
    // What a person does who goes on: the next stage.
    fc.constant({ act: "drag" as const, to: "next" }),
  ),
  { maxLength: 40 },
);

function perform(bench: Bench, act: Act): Decision | undefined {
  switch (act.act) {
    case "write":
      return bench.write(act.kind, act.text);
    case "remove":
      bench.workspace.delete(pathOf[act.kind]);
      return undefined;
    case "approve":
      return bench.approve(act.kind);
    default: {
      const to = act.to === "next" ? (stages[laneOfStage(bench.work.stage)] ?? "done") : act.to;
      return bench[act.act](to);
    }
  }
}

describe("the lifecycle of a work package", () => {
  test("passes a gate of approval only when each artifact of its kind is approved as it stands", () => {
    let passed = 0;
    fc.assert(
      fc.property(acts, (all) => {
        const bench = new Bench();
        for (const act of all) {
          const before = laneOfStage(bench.work.stage);
          perform(bench, act);
          const after = laneOfStage(bench.work.stage);
          for (const gate of stageGates) {
            const lane = laneOfStage(gate.stage);
            if (lane < before || lane >= after) continue;
            passed += 1;
            const hash = bench.contents.get(pathOf[gate.kind]);
            expect(hash).toBeDefined();
            if (gate.asks === "presence") continue;
            expect(bench.work.approvals[gate.kind].at(-1)).toMatchObject({
              contents: [{ path: pathOf[gate.kind], hash }],
              withdrawnBy: undefined,
            });
          }
        }
      }),
      { numRuns: 600 },
    );
    expect(passed).toBeGreaterThan(20);
  });

  test("approves nothing by a drag over several lanes", () => {
    fc.assert(
      fc.property(acts, fc.constantFrom(...stages), (all, to) => {
        const bench = new Bench();
        for (const act of all) perform(bench, act);
        const from = laneOfStage(bench.work.stage);
        const approvals = bench.events.filter(({ type }) => type === "approval").length;
        bench.drag(to);
        if (laneOfStage(to) - from === 1) return;
        expect(bench.events.filter(({ type }) => type === "approval")).toHaveLength(approvals);
      }),
    );
    const bench = new Bench();
    bench.write("design", "a");
    bench.write("planning", "a");
    expect(bench.drag("plan-approved")).toEqual({
      kind: "refused",
      causes: ["the design artifacts are not approved", "the planning artifacts are not approved"],
    });
    expect(bench.work.stage).toBe("inbox");
  });

  test("never changes a stage but by events that follow from one another", () => {
    fc.assert(
      fc.property(acts, (all) => {
        const bench = new Bench();
        for (const act of all) perform(bench, act);
        expect(bench.work.problems).toEqual([]);
        let stage = "inbox";
        for (const event of bench.events) {
          if (event.type !== "advance" && event.type !== "rollback") continue;
          expect(event.from).toBe(stage);
          stage = event.to;
        }
        expect(bench.work.stage).toBe(stage);
      }),
    );
  });

  test("takes approvals back that were given from the stage on to which it goes back", () => {
    const bench = approvedDesignAndPlanning();
    bench.move("planning-draft");
    expect(bench.stateOf("design")).toBe("approved");
    expect(bench.stateOf("planning")).toBe("stale");
    bench.move("inbox");
    expect(bench.stateOf("design")).toBe("stale");
    expect(bench.move("design-approved").kind).toBe("refused");
    bench.move("design-draft");
    expect(bench.drag("design-approved").kind).toBe("deeds");
    expect(bench.stateOf("design")).toBe("approved");
  });

  test("has no skip: forward it goes one stage after the other", () => {
    const bench = approvedDesignAndPlanning();
    const steps = bench.events.filter(({ type }) => type === "advance");
    expect(steps).toHaveLength(4);
    expect(bench.work.stage).toBe("plan-approved");
  });

  test("asks for an approval of the test code although the plan has one", () => {
    const bench = approvedDesignAndPlanning();
    bench.write("tests", "plan");
    bench.move("tests-draft");
    bench.drag("tests-approved");
    bench.write("tests", "assert True", "tests/test_S1.py");
    expect(bench.move("ralph-loop")).toEqual({ kind: "refused", causes: ["the tests artifacts are not approved"] });
    expect(bench.drag("ralph-loop").kind).toBe("deeds");
    expect(bench.work.stage).toBe("ralph-loop");
  });
});

describe("an artifact", () => {
  test("is stale when it was changed or removed after its approval, and approved again when it is as it was", () => {
    const bench = approvedDesignAndPlanning();
    for (const change of ["other", undefined]) {
      if (change === undefined) bench.workspace.delete(pathOf.design);
      else bench.workspace.set(pathOf.design, change);
      expect(bench.stateOf("design")).toBe("stale");
      expect(bench.stateOf("planning"), "made from it").toBe("stale");
      bench.workspace.set(pathOf.design, "a");
      expect(bench.stateOf("design")).toBe("approved");
      expect(bench.stateOf("planning")).toBe("approved");
    }
  });

  test("is stale when what it was made from was approved with another content", () => {
    const bench = approvedDesignAndPlanning();
    bench.workspace.set(pathOf.design, "b");
    expect(bench.approve("planning")).toEqual({
      kind: "refused",
      causes: ["what the planning artifacts are made from is not approved"],
    });
    bench.approve("design");
    expect(bench.stateOf("design")).toBe("approved");
    expect(bench.stateOf("planning")).toBe("stale");
    bench.approve("planning");
    expect(bench.stateOf("planning")).toBe("approved");
  });

  test("stays in sight as superseded when another content was approved in its place", () => {
    const bench = approvedDesignAndPlanning();
    bench.workspace.set(pathOf.design, "b");
    bench.approve("design");
    expect(judgeArtifacts(bench.work, bench.contents)).toContainEqual(
      expect.objectContaining({ path: pathOf.design, hash: sha256("a"), state: "superseded" }),
    );
  });

  test("holds nothing up when it was removed as a draft", () => {
    const bench = new Bench();
    bench.write("design", "a");
    expect(bench.write("design", "x", "docs/more.md").kind).toBe("deeds");
    bench.workspace.delete("docs/more.md");
    bench.move("design-draft");
    expect(bench.drag("design-approved").kind).toBe("deeds");
  });

  test.each(["../x", "/etc/passwd", ".git/config", "a//b"])("is not taken from %j", (path) => {
    const bench = new Bench();
    const contents = new Map([[path, sha256("x")]]);
    expect(decideArtifact(bench.work, contents, { kind: "design", path }).kind).toBe("refused");
  });
});

test("agents start only behind their gates, which look at the workspace", () => {
  const bench = new Bench();
  const mayStart = (): string[] =>
    (["architect", "pm", "spawner", "testPlan", "testCode", "ralph", "codeReview"] as const).filter(
      (agent) => agentRefusals(bench.work, bench.contents, agent).length === 0,
    );
  expect(mayStart()).toEqual(["architect"]);
  for (const each of artifactKinds) bench.write(each, "a");
  expect(mayStart()).toEqual(["architect", "testCode", "codeReview"]);
  bench.approve("design");
  expect(mayStart()).toEqual(["architect", "pm", "testCode", "codeReview"]);
  bench.approve("planning");
  bench.approve("tests");
  expect(mayStart()).toEqual(["architect", "pm", "spawner", "testPlan", "testCode", "ralph", "codeReview"]);
  bench.workspace.set(pathOf.design, "b");
  expect(mayStart()).toEqual(["architect", "testCode", "codeReview"]);
  expect(isApproved(bench.work, bench.contents, "tests")).toBe(false);
});

describe("an event", () => {
  test("is the same after it was written and read, and nothing when it is cut", () => {
    fc.assert(
      fc.property(acts, fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), (all, share) => {
        const bench = new Bench();
        for (const act of all) perform(bench, act);
        const names = bench.events.map(eventFileName);
        expect(names).toEqual(names.toSorted());
        for (const event of bench.events) {
          const name = eventFileName(event);
          const text = serialiseEvent(event);
          expect(sequenceOfFileName(name)).toBe(event.sequence);
          expect(parseEvent(text, name)).toEqual(event);
          expect(parseEvent(text.trimEnd().slice(0, Math.floor(text.length * share) - 1), name)).toBeUndefined();
          expect(parseEvent(text, `0${name}`)).toBeUndefined();
        }
      }),
    );
  });

  test("that contradicts those before it is told and changes nothing", () => {
    const bench = new Bench();
    const odd: PackageEvent = {
      type: "advance",
      from: "tests-draft",
      to: "tests-approved",
      sequence: 2,
      atMs: 2,
      who: "ann",
      reason: "",
      cause: "",
    };
    const work = packageOf([...bench.events, odd, { ...odd, from: "inbox", to: "design-draft" }])!;
    expect(work.stage).toBe("inbox");
    expect(work.problems).toHaveLength(2);
  });
});

function approvedDesignAndPlanning(): Bench {
  const bench = new Bench();
  bench.write("design", "a");
  bench.write("planning", "a");
  bench.approve("design");
  bench.approve("planning");
  bench.move("plan-approved");
  expect(bench.work.stage).toBe("plan-approved");
  return bench;
}
