import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { DiskChange } from "../../../src/history/changes.ts";
import { digest64 } from "../../../src/base/digest.ts";
import { HostDisk, type DiskImage, type WriteMode } from "../../../src/sim/disk/host-disk.ts";
import { HostFileError } from "../../../src/sim/disk/host-file-error.ts";

const image: DiskImage = {
  folders: ["/empty"],
  files: { "/srv/a": "one", "/srv/b": "two" },
  links: { "/srv/l": "a" },
};

describe("an image", () => {
  test("stands on the disk with all parents of its files", () => {
    expect(new HostDisk({ base: image }).snapshot()).toEqual([
      { path: "/empty", kind: "folder" },
      { path: "/srv", kind: "folder" },
      { path: "/srv/a", kind: "file", sizeBytes: 3, digest: digest64("one") },
      { path: "/srv/b", kind: "file", sizeBytes: 3, digest: digest64("two") },
      { path: "/srv/l", kind: "link", target: "a" },
    ]);
  });

  test("is not changed by a disk that was made of it", () => {
    const before = structuredClone(image);
    const disk = new HostDisk({ base: image });
    disk.write("/srv/a", "changed");
    disk.remove("/srv/b");
    expect(image).toEqual(before);
    expect(new HostDisk({ base: image }).readText("/srv/b")).toBe("two");
  });

  test("survives a crash before anything was synced", () => {
    const disk = new HostDisk({ base: image });
    disk.crash((_purpose, bound) => bound - 1);
    expect(disk.snapshot()).toEqual(new HostDisk({ base: image }).snapshot());
  });
});

describe("content", () => {
  test("bytes that are handed in or out can be changed without changing the disk", () => {
    const disk = new HostDisk();
    const bytes = Uint8Array.of(1, 2);
    disk.write("/a", bytes);
    bytes[0] = 9;
    disk.readBytes("/a")[1] = 9;
    expect(disk.readBytes("/a")).toEqual(Uint8Array.of(1, 2));
  });

  test("is the concatenation of what was appended, however characters were cut", () => {
    const part = fc.oneof(fc.string({ unit: "binary" }), fc.uint8Array({ maxLength: 6 }));
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }), fc.boolean(), (parts, reads) => {
        const disk = new HostDisk();
        for (const each of ["", ...parts]) {
          disk.write("/a", each, "append");
          if (reads) disk.readText("/a");
        }
        const expected = Buffer.concat(parts.map((each) => Buffer.from(each as string)));
        expect(disk.stat("/a")).toEqual({ kind: "file", sizeBytes: expected.length });
        expect([...disk.readBytes("/a")]).toEqual([...expected]);
        expect(disk.readText("/a")).toBe(expected.toString());
      }),
    );
  });

  test("a torn write leaves a prefix in bytes, after what an append found there", () => {
    const disk = new HostDisk({ base: { folders: [], files: { "/old": "old", "/log": "log" } } });
    disk.tornWrite("/a", "三四", "replace", 4);
    disk.tornWrite("/old", "new", "replace", 0);
    disk.tornWrite("/log", "more", "append", 2);
    disk.tornWrite("/whole", "text", "createNew", 99);
    expect([...disk.readBytes("/a")]).toEqual([...Buffer.from("三四").subarray(0, 4)]);
    expect(["/old", "/log", "/whole"].map((path) => disk.readText(path))).toEqual(["", "logmo", "text"]);
  });
});

test("of many writers that create one file, the first alone succeeds, also where a link leads nowhere", () => {
  const disk = new HostDisk();
  disk.makeLink("/nowhere", "/l");
  disk.write("/a", "first", "createNew");
  expect(() => disk.write("/a", "second", "createNew")).toThrow(new HostFileError("EEXIST", "/a"));
  expect(() => disk.write("/l", "second", "createNew")).toThrow(new HostFileError("EEXIST", "/l"));
  expect(disk.readText("/a")).toBe("first");
});

test("names are listed in code-unit order, whatever the order of their creation", () => {
  const names = ["b", "B", "ä", "a", "\u{1f600}", "\uffee", "10", "9"];
  fc.assert(
    fc.property(fc.shuffledSubarray(names, { minLength: names.length }), (order) => {
      const disk = new HostDisk();
      for (const name of order) disk.write(`/${name}`, "");
      expect(disk.list("/").map(({ name }) => name)).toEqual(names.toSorted());
    }),
  );
});

describe("a full disk", () => {
  test("keeps what still fitted and answers ENOSPC", () => {
    const disk = new HostDisk({ base: { folders: [], files: { "/a": "12345" } }, capacityBytes: 8 });
    expect(() => disk.write("/b", "abcdef")).toThrow(new HostFileError("ENOSPC", "/b"));
    expect(disk.readText("/b")).toBe("abc");
    expect(() => disk.write("/a", "x", "append")).toThrow(new HostFileError("ENOSPC", "/a"));
    disk.write("/a", "123");
    disk.write("/b", "de", "append");
    expect(disk.readText("/b")).toBe("abcde");
  });

  test("never holds more than its capacity, and has room again for what was removed, replaced or lost", () => {
    const path = fc.constantFrom("/a", "/b", "/d/a");
    const step = fc.oneof(
      fc.record({
        path,
        mode: fc.constantFrom<WriteMode>("replace", "append"),
        sizeBytes: fc.nat({ max: 12 }),
      }),
      fc.record({ path, to: path }),
      fc.record({ path: fc.constantFrom("/a", "/b", "/d") }),
      fc.record({ seed: fc.nat() }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const disk = new HostDisk({ base: { folders: ["/d"], files: {} }, capacityBytes: 20 });
        for (const each of steps) {
          const usedBytes = usedBytesOf(disk);
          try {
            if ("seed" in each) disk.crash((_purpose, bound) => each.seed % bound);
            else if ("to" in each) disk.rename(each.path, each.to);
            else if ("mode" in each) disk.write(each.path, "x".repeat(each.sizeBytes), each.mode);
            else disk.remove(each.path, { recursive: true });
          } catch (error) {
            if (!(error instanceof HostFileError)) throw error;
            if (error.code === "ENOSPC") expect(usedBytesOf(disk)).toBe(20);
          }
          if ("mode" in each && usedBytes + each.sizeBytes <= 20 && disk.stat("/d") !== null) {
            expect(disk.readText(each.path).length).toBeGreaterThanOrEqual(each.sizeBytes);
          }
          expect(usedBytesOf(disk)).toBeLessThanOrEqual(20);
        }
      }),
    );
  });

  function usedBytesOf(disk: HostDisk): number {
    return disk.snapshot().reduce((sum, entry) => sum + (entry.kind === "file" ? entry.sizeBytes : 0), 0);
  }
});

describe("changes", () => {
  function told(act: (disk: HostDisk) => void): DiskChange[] {
    const disk = new HostDisk({ base: image });
    const changes: DiskChange[] = [];
    disk.onChange = (change) => changes.push(change);
    disk.actor = "poller-a";
    act(disk);
    return structuredClone(changes);
  }

  test("are told with their actor, by the real path of what changed", () => {
    const by = "poller-a";
    expect(
      told((disk) => {
        disk.write("/srv/../srv/l", "text", "append");
        disk.rename("/srv/a", "/empty/c");
        disk.makeLink("/x", "/srv/m");
        disk.remove("/empty", { recursive: true });
      }),
    ).toEqual([
      { store: "disk", type: "file.written", path: "/srv/a", digest: digest64("onetext"), sizeBytes: 7, by },
      { store: "disk", type: "file.renamed", from: "/srv/a", to: "/empty/c", by },
      { store: "disk", type: "link.made", path: "/srv/m", target: "/x", by },
      { store: "disk", type: "file.removed", path: "/empty", by },
    ]);
  });

  test("keep the digest of their moment, though it is taken later", () => {
    const changes = told((disk) => {
      disk.write("/srv/a", "first");
      disk.write("/srv/a", "second");
    });
    expect(changes).toMatchObject([{ digest: digest64("first") }, { digest: digest64("second") }]);
  });

  test("of a crash are told as its own, and only where the disk differs", () => {
    const changes = told((disk) => {
      disk.write("/srv/new", "text");
      disk.write("/srv/a", "changed");
      disk.remove("/srv/b");
      disk.crash((purpose, bound) => (purpose.startsWith("progress of ") ? 0 : bound - 1));
    });
    const by = "crash";
    expect(changes.slice(3)).toEqual([
      { store: "disk", type: "file.removed", path: "/srv/new", by },
      { store: "disk", type: "file.written", path: "/srv/a", digest: digest64("one"), sizeBytes: 3, by },
      { store: "disk", type: "file.written", path: "/srv/b", digest: digest64("two"), sizeBytes: 3, by },
    ]);
  });
});

test("failures carry our own text and nothing of the engine's", () => {
  const disk = new HostDisk();
  const failure = new HostFileError("ENOENT", "/missing");
  expect(() => disk.readText("/missing")).toThrow(failure);
  expect(failure.message).toBe("/missing: ENOENT");
});
