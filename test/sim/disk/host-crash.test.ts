import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { DiskChange } from "../../../src/history/changes.ts";
import { HostDisk, type WriteMode } from "../../../src/sim/disk/host-disk.ts";
import { HostFileError } from "../../../src/sim/disk/host-file-error.ts";

type Draw = (purpose: string, bound: number) => number;

type Action =
  | { readonly kind: "write"; readonly path: string; readonly mode: WriteMode }
  | { readonly kind: "sync" | "remove" | "removeFolder" | "makeFolder" | "link"; readonly path: string }
  | { readonly kind: "rename"; readonly path: string; readonly to: string };

const path = fc.constantFrom("/a", "/b", "/d", "/d/a", "/d/b", "/e", "/e/a", "/d/e", "/d/e/a", "/e/d", "/l");
const namesChange: fc.Arbitrary<Action> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("rename"), path, to: path }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom("remove", "makeFolder"), path }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("link"), path }) },
);
const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 5, arbitrary: namesChange },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("write"),
      path,
      mode: fc.constantFrom<WriteMode>("replace", "append", "createNew"),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("sync"), path: fc.oneof(path, fc.constant("/")) }) },
);
const actions = fc.array(action, { maxLength: 40 });
const draws: fc.Arbitrary<Draw> = fc
  .infiniteStream(fc.nat())
  .map((stream) => (_purpose: string, bound: number) => (stream.next().value as number) % bound);

const keepAll: Draw = () => 0;
const loseAll: Draw = (purpose, bound) => (purpose.startsWith("progress of ") ? 0 : bound - 1);

/** Runs what the disk allows. Each write has a content of its own, named by its place in the sequence. */
function perform(disk: HostDisk, actions: readonly Action[], prefix = "w"): void {
  for (const [index, action] of actions.entries()) {
    try {
      if (action.kind === "write") disk.write(action.path, `<${prefix}${index}>`, action.mode);
      else if (action.kind === "rename") disk.rename(action.path, action.to);
      else if (action.kind === "link") disk.makeLink("a", action.path);
      else if (action.kind === "remove") disk.remove(action.path, { recursive: true });
      else if (action.kind === "removeFolder") disk.remove(action.path);
      else if (action.kind === "sync") disk.sync(action.path);
      else disk.makeFolder(action.path);
    } catch (error) {
      if (!(error instanceof HostFileError)) throw error;
    }
  }
}

function syncAll(disk: HostDisk): void {
  disk.sync("/");
  for (const { path, kind } of disk.snapshot()) if (kind !== "link") disk.sync(path);
}

function contents(disk: HostDisk): Map<string, string> {
  const files = disk.snapshot().filter(({ kind }) => kind === "file");
  return new Map(files.map(({ path }) => [path, disk.readText(path)]));
}

describe("names", () => {
  test("all that was synced survives every crash, and a second crash changes nothing", () => {
    fc.assert(
      fc.property(actions, draws, draws, (before, first, second) => {
        const disk = new HostDisk();
        perform(disk, before);
        syncAll(disk);
        const synced = disk.snapshot();
        disk.crash(first);
        expect(disk.snapshot()).toEqual(synced);
        disk.crash(second);
        expect(disk.snapshot()).toEqual(synced);
      }),
    );
  });

  test("a crash that loses nothing leaves the disk as processes saw it", () => {
    fc.assert(
      fc.property(actions, (before) => {
        const disk = new HostDisk();
        perform(disk, before);
        const seen = disk.snapshot();
        disk.crash(keepAll);
        expect(disk.snapshot()).toEqual(seen);
      }),
    );
  });

  test("a crash that loses all it may goes back to the last moment when everything was synced", () => {
    fc.assert(
      fc.property(actions, fc.array(action.filter(({ kind }) => kind !== "sync")), (before, after) => {
        const disk = new HostDisk();
        perform(disk, before);
        syncAll(disk);
        const synced = disk.snapshot();
        perform(disk, after, "x");
        disk.crash(loseAll);
        expect(disk.snapshot()).toEqual(synced);
      }),
    );
  });

  test("a synced file that nobody removed has exactly one name afterwards, however it was moved and what was synced", () => {
    const folder = fc.constantFrom("/d", "/e", "/f", "/d/e", "/e/d", "/d/f", "/f/d", "/d/f/e");
    const file = fc
      .tuple(fc.oneof(fc.constant(""), folder), fc.constantFrom("/a", "/b"))
      .map((parts) => parts.join(""));
    const move = fc.oneof(
      { weight: 3, arbitrary: fc.record({ kind: fc.constant("rename" as const), path: folder, to: folder }) },
      { weight: 3, arbitrary: fc.record({ kind: fc.constant("rename" as const), path: file, to: file }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom("makeFolder", "removeFolder"), path: folder }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant("sync" as const), path: folder }) },
    );
    const image = { "/a": "1", "/d/a": "2", "/d/b": "3", "/e/a": "4", "/d/f/a": "5" };
    fc.assert(
      fc.property(fc.array(move, { minLength: 1, maxLength: 16 }), draws, (moves, draw) => {
        const disk = new HostDisk({ base: { folders: [], files: image } });
        perform(disk, moves);
        const seen = [...contents(disk).values()];
        disk.crash(draw);
        const left = [...contents(disk).values()];
        expect(seen.filter((each) => left.filter((other) => other === each).length !== 1)).toEqual([]);
        expect(new Set(left).size).toBe(left.length);
      }),
      { numRuns: 1000 },
    );
  });

  test("a name in a synced folder survives when the folder does", () => {
    fc.assert(
      fc.property(draws, (draw) => {
        const disk = new HostDisk();
        disk.makeFolder("/d");
        disk.write("/d/a", "text");
        disk.sync("/d/a");
        disk.sync("/d");
        disk.crash(draw);
        expect([[], ["/d", "/d/a"]]).toContainEqual(disk.snapshot().map(({ path }) => path));
      }),
    );
  });

  test("each of creation, rename and removal is kept or undone on its own", () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(draws, (draw) => {
        const disk = new HostDisk({ base: { folders: [], files: { "/from": "x", "/gone": "y" } } });
        disk.write("/made", "z");
        disk.rename("/from", "/to");
        disk.remove("/gone");
        disk.crash(draw);
        seen.add([...contents(disk).keys()].join(" "));
      }),
      { numRuns: 300 },
    );
    expect([...seen].toSorted()).toEqual([
      "/from",
      "/from /gone",
      "/from /gone /made",
      "/from /made",
      "/gone /made /to",
      "/gone /to",
      "/made /to",
      "/to",
    ]);
  });

  test("a rename over a file leaves the old or the new one, whole", () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(draws, (draw) => {
        const disk = new HostDisk({ base: { folders: [], files: { "/a": "old" } } });
        disk.write("/a.tmp", "new");
        disk.sync("/a.tmp");
        disk.rename("/a.tmp", "/a");
        disk.crash(draw);
        seen.add(disk.readText("/a"));
      }),
    );
    expect([...seen].toSorted()).toEqual(["new", "old"]);
  });

  test.each<[string, readonly Action[], readonly string[]]>([
    ["into a folder that was itself lost", [folder("/n"), move("/d/a", "/n/a")], ["creation of /n"]],
    ["into a new folder that was synced", [folder("/n"), move("/d/a", "/n/a"), sync("/n")], ["creation of /n"]],
    [
      "into a new folder in a new folder",
      [folder("/n/m"), move("/d/a", "/n/m/a"), sync("/n/m")],
      ["creation of /n", "creation of /n/m"],
    ],
    ["out of a folder that was then removed", [move("/d/a", "/b"), remove("/d")], ["rename of /b"]],
    ["out of a folder that was then replaced", [move("/d/a", "/b"), move("/e", "/d")], ["rename of /b"]],
    ["out of a folder whose removal was synced", [move("/d/a", "/x/a"), remove("/d"), sync("/")], ["rename of /x/a"]],
    [
      "out of a folder whose replacement was synced",
      [move("/d/a", "/x/a"), move("/e", "/d"), sync("/")],
      ["rename of /x/a"],
    ],
    [
      "with its folder, which later took in the folder that it was in",
      [move("/d", "/e/d"), move("/e/d", "/d"), move("/e", "/d/e")],
      ["rename of /d"],
    ],
    ["away from a name that another file then took", [move("/d/a", "/b"), move("/c", "/d/a")], ["rename of /b"]],
  ])("a file is not lost that was moved %s", (_where, actions, lost) => {
    const files = { "/d/a": "text", "/c": "other" };
    const disk = new HostDisk({ base: { folders: ["/e", "/x"], files } });
    perform(disk, actions);
    disk.crash((purpose) => (lost.some((each) => purpose === `${each} lost`) ? 1 : 0));
    expect([...contents(disk).values()].toSorted()).toEqual(["other", "text"]);
  });
});

function folder(path: string): Action {
  return { kind: "makeFolder", path };
}

function move(path: string, to: string): Action {
  return { kind: "rename", path, to };
}

function remove(path: string): Action {
  return { kind: "removeFolder", path };
}

function sync(path: string): Action {
  return { kind: "sync", path };
}

describe("contents", () => {
  const write = fc.record({ mode: fc.constantFrom<WriteMode>("replace", "append"), text: fc.string({ maxLength: 4 }) });

  test("a file keeps what was synced and a prefix of the later writes, and each such outcome is possible", () => {
    fc.assert(
      fc.property(fc.array(write, { maxLength: 3 }), fc.array(write, { maxLength: 4 }), (synced, later) => {
        const outcomes = new Set<string>();
        for (let lost = 0; lost <= later.length; lost++) {
          for (let progress = 0; progress < 20; progress++) {
            const disk = new HostDisk({ base: { folders: [], files: { "/a": "base" } } });
            for (const { mode, text } of synced) disk.write("/a", text, mode);
            disk.sync("/a");
            for (const { mode, text } of later) disk.write("/a", text, mode);
            disk.crash((purpose, bound) => (purpose.startsWith("writes lost") ? lost : Math.min(progress, bound - 1)));
            outcomes.add(hex(disk.readBytes("/a")));
          }
        }
        expect([...outcomes].toSorted()).toEqual(prefixes(synced, later));
      }),
      { numRuns: 60 },
    );
  });

  /** All contents that a prefix of the later writes, counted in bytes, may leave. */
  function prefixes(synced: readonly Written[], later: readonly Written[]): string[] {
    let held = Buffer.from("base");
    for (const { mode, text } of synced) held = Buffer.concat([mode === "append" ? held : Buffer.of(), bytesOf(text)]);
    const found = new Set([hex(held)]);
    for (const { mode, text } of later) {
      const kept = mode === "append" ? held : Buffer.of();
      const bytes = bytesOf(text);
      for (let count = 0; count <= bytes.length; count++)
        found.add(hex(Buffer.concat([kept, bytes.subarray(0, count)])));
      held = Buffer.concat([kept, bytes]);
    }
    return [...found].toSorted();
  }

  type Written = { readonly mode: WriteMode; readonly text: string };

  const bytesOf = (text: string): Buffer => Buffer.from(text);
  const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

  test("a file that is written a thousand times without a sync still keeps what was synced", () => {
    const disk = new HostDisk({ base: { folders: [], files: { "/a": "synced" } } });
    for (let index = 0; index < 1000; index++) disk.write("/a", String(index));
    disk.crash(loseAll);
    expect(disk.readText("/a")).toBe("synced");
  });

  test("a sync of the file alone does not make its name survive", () => {
    const disk = new HostDisk();
    disk.write("/a", "text");
    disk.sync("/a");
    disk.crash(loseAll);
    expect(disk.stat("/a")).toBeNull();
  });
});

test("the draws of a crash are named by path, and each name is asked for once", () => {
  fc.assert(
    fc.property(actions, draws, (before, draw) => {
      const disk = new HostDisk();
      perform(disk, before);
      const asked: string[] = [];
      disk.crash((purpose, bound) => {
        expect(bound).toBeGreaterThan(1);
        asked.push(purpose);
        return draw(purpose, bound);
      });
      expect(new Set(asked).size).toBe(asked.length);
      expect(asked.filter((purpose) => !purpose.includes(" /"))).toEqual([]);
    }),
  );
});

test("the reported changes, those of a crash included, tell all files and links of the disk", () => {
  fc.assert(
    fc.property(actions, draws, actions, (before, draw, after) => {
      const disk = new HostDisk();
      const told = new Map<string, string>();
      disk.onChange = (change) => apply(told, change);
      perform(disk, before);
      disk.crash(draw);
      perform(disk, after);
      const stands = new Map<string, string>();
      for (const entry of disk.snapshot()) {
        if (entry.kind !== "folder") stands.set(entry.path, entry.kind === "file" ? entry.digest : entry.target);
      }
      expect(told).toEqual(stands);
    }),
  );
});

function apply(told: Map<string, string>, change: DiskChange): void {
  if (change.type === "file.written") told.set(change.path, change.digest);
  if (change.type === "link.made") told.set(change.path, change.target);
  if (change.type === "file.removed") for (const path of below(told, change.path)) told.delete(path);
  if (change.type !== "file.renamed") return;
  told.delete(change.to);
  for (const path of below(told, change.from)) {
    const held = told.get(path)!;
    told.delete(path);
    told.set(change.to + path.slice(change.from.length), held);
  }
}

function below(told: Map<string, string>, path: string): string[] {
  return [...told.keys()].filter((each) => each === path || each.startsWith(`${path}/`));
}
