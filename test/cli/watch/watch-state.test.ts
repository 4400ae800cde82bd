import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { beginWatch, watchStep, type WatchEvent, type WatchState } from "../../../src/cli/watch/watch-state.ts";
import { touchedBy, unionOf, type Targets, type WatchedCode } from "../../../src/cli/watch/watched-code.ts";

const code: WatchedCode = {
  scenarios: [
    { name: "race", folder: "/p/scenarios/race", files: ["/p/scenarios/race/scenario.ts", "/p/src/worker.ts"] },
    { name: "loss", folder: "/p/scenarios/loss", files: ["/p/scenarios/loss/scenario.ts", "/p/src/board.ts"] },
    { name: "flat", folder: undefined, files: ["/p/flat.ts", "/p/src/worker.ts"] },
  ],
  sharedFolders: ["/core"],
  sharedFiles: ["/p/stormlane.config.ts"],
};

const done = (failed: readonly string[] = [], ran = ["race", "loss", "flat"]): WatchEvent => ({
  kind: "ended",
  end: { kind: "done", exitCode: failed.length > 0 ? 1 : 0, ran, failed },
});
const unloadable: WatchEvent = { kind: "ended", end: { kind: "unloadable", why: "worker.ts:3: no" } };
const loaded: WatchEvent = { kind: "loaded", code };
const changed = (...paths: readonly string[]): WatchEvent => ({ kind: "changed", paths });

/** @returns the state after these events, and what was started last */
function after(...events: readonly WatchEvent[]): {
  readonly state: WatchState;
  readonly started: Targets | undefined;
} {
  let { state, start } = beginWatch();
  for (const event of events) ({ state, start } = watchStep(state, event));
  return { state, started: start?.targets };
}

describe("a change", () => {
  test("of a scenario's file, or of one that it imports or reads, runs that scenario", () => {
    expect(touchedBy(["/p/scenarios/race/scenario.ts"], code)).toEqual(["race"]);
    expect(touchedBy(["/p/src/worker.ts"], code)).toEqual(["race", "flat"]);
    expect(touchedBy(["/p/scenarios/loss/board.json"], code)).toEqual(["loss"]);
    expect(touchedBy(["/p/src/board.ts", "/p/src/worker.ts"], code)).toEqual(["race", "loss", "flat"]);
  });

  test("of the config or of the core runs all", () => {
    expect(touchedBy(["/p/stormlane.config.ts"], code)).toBe("all");
    expect(touchedBy(["/core/kernel/kernel.ts", "/p/src/board.ts"], code)).toBe("all");
  });

  test("of a file that nothing depends on runs nothing", () => {
    expect(touchedBy(["/p/README.md", "/p/scenarios/racer/scenario.ts", "/coreless.ts"], code)).toEqual([]);
    expect(after(loaded, done(), changed("/p/README.md")).started).toBeUndefined();
  });

  test("in the folder of one of many built-in scenarios runs that one, and beside them all", () => {
    const clone: WatchedCode = {
      scenarios: ["a", "b"].map((name) => ({ name, folder: `/c/scenarios/${name}`, files: [] })),
      sharedFolders: ["/c/scenarios"],
      sharedFiles: [],
    };
    expect(touchedBy(["/c/scenarios/a/scenario.ts"], clone)).toEqual(["a"]);
    expect(touchedBy(["/c/scenarios/board-world/world.ts"], clone)).toBe("all");
  });

  test("while a round runs starts it anew, with what was not done", () => {
    const { state, started } = after(loaded, done(), changed("/p/src/board.ts"), changed("/p/flat.ts"));
    expect(started).toEqual(["flat", "loss"]);
    expect(state.running).toEqual(["flat", "loss"]);
  });
});

describe("a round", () => {
  test("begins with all scenarios", () => {
    expect(beginWatch().start?.targets).toBe("all");
  });

  test("says how many scenarios held, or which failed", () => {
    expect(after(loaded, done()).state).toMatchObject({ status: "3 scenarios: all held", exitCode: 0 });
    expect(after(loaded, done(["race"])).state).toMatchObject({ status: "1 of 3 scenarios failed: race", exitCode: 1 });
  });

  test("remembers what failed until it has held again", () => {
    const held = after(loaded, done(["race", "loss"]), changed("/p/scenarios/loss/a"), done([], ["loss"]));
    expect(held.state.failed).toEqual(["race"]);
    expect(held.state.status).toBe("1 scenario: all held; failed before: race");
  });

  test("that cannot load the code waits for any change, and then runs what it could not", () => {
    const waiting = after(loaded, done(), changed("/p/src/board.ts"), unloadable);
    expect(waiting.state).toMatchObject({ owed: ["loss"], running: undefined, exitCode: 2 });
    expect(waiting.state.status).toBe("worker.ts:3: no (waiting for it to be mended)");
    expect(watchStep(waiting.state, changed("/p/new.ts")).start?.targets).toEqual(["loss"]);
  });

  test("that dies is told, and what it was about stays owed", () => {
    const { state } = after(loaded, { kind: "ended", end: { kind: "died", why: "SIGSEGV" } });
    expect(state).toMatchObject({ owed: "all", exitCode: 3, isOver: false });
    expect(state.status).toContain("SIGSEGV");
  });

  test("that is refused ends the watch at the start alone", () => {
    const refused: WatchEvent = { kind: "ended", end: { kind: "refused", why: "--seeds 2: fewer than the scenarios" } };
    expect(after(refused).state).toMatchObject({ isOver: true, exitCode: 2 });
    expect(after(loaded, done(), changed("/p/flat.ts"), refused).state).toMatchObject({ isOver: false, exitCode: 2 });
  });
});

describe("whoever asks", () => {
  test("gets all, or what failed, in place of what runs", () => {
    expect(after(loaded, done(["loss"]), { kind: "asked", for: "all" }).started).toBe("all");
    expect(after(loaded, done(["loss"]), { kind: "asked", for: "failed" }).started).toEqual(["loss"]);
    const during = after(loaded, done(["loss"]), changed("/p/flat.ts"), { kind: "asked", for: "failed" });
    expect(during.started).toEqual(["loss"]);
  });

  test("for what failed is told when nothing did", () => {
    const { state, started } = after(loaded, done(), { kind: "asked", for: "failed" });
    expect(started).toBeUndefined();
    expect(state.status).toContain("nothing failed");
  });
});

test("whatever happens, what a change touches is run or owed until a round has done it", () => {
  const event = fc.oneof(
    fc.constantFrom("/p/src/worker.ts", "/p/src/board.ts", "/p/flat.ts", "/core/a.ts").map((path) => changed(path)),
    fc.constant(unloadable),
    fc.constant<WatchEvent>({ kind: "ended", end: { kind: "died", why: "" } }),
  );
  fc.assert(
    fc.property(fc.array(event, { maxLength: 20 }), (events) => {
      let { state } = after(loaded, done());
      let due: Targets = [];
      for (const each of events) {
        // A round ends where one runs.
        if (each.kind === "ended" && state.running === undefined) continue;
        if (each.kind === "changed") due = unionOf(due, touchedBy(each.paths, code));
        ({ state } = watchStep(state, each));
        const covered = unionOf(state.running ?? [], state.owed);
        expect(covered === "all" || (due !== "all" && due.every((name) => covered.includes(name)))).toBe(true);
      }
    }),
  );
});
