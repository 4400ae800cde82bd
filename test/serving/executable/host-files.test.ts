import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { HostFiles } from "../../../src/ports/program.ts";
import { RealHostFiles } from "../../../src/serving/executable/host-files.ts";
import { HostDisk } from "../../../src/sim/disk/host-disk.ts";

type Place = (path: string) => string;
type Action = (files: HostFiles, at: Place) => unknown;

const path = fc.constantFrom("a", "b", "a/b", "a/b/c", "link", "link/x", "none/x");
const modes = fc.constantFrom("replace" as const, "createNew" as const, "append" as const);

/** What is done, in words, and how. */
function action<Arguments extends unknown[]>(
  name: string,
  args: fc.Arbitrary<Arguments>,
  act: (files: HostFiles, at: Place, ...given: Arguments) => unknown,
): fc.Arbitrary<readonly [string, Action]> {
  return args.map((given) => [`${name} ${given.join(" ")}`, (files, at) => act(files, at, ...given)]);
}

const actions = fc.oneof(
  action("readText", fc.tuple(path), (files, at, from) => files.readText(at(from))),
  action("readBytes", fc.tuple(path), (files, at, from) => [...files.readBytes(at(from))]),
  action("write", fc.tuple(path, modes, fc.constantFrom("x", "yy", "")), (files, at, to, mode, text) =>
    files.write(at(to), text, mode),
  ),
  action("rename", fc.tuple(path, path), (files, at, from, to) => files.rename(at(from), at(to))),
  action("remove", fc.tuple(path, fc.boolean()), (files, at, of, recursive) => files.remove(at(of), { recursive })),
  action("makeFolder", fc.tuple(path), (files, at, of) => files.makeFolder(at(of))),
  action("list", fc.tuple(path), (files, at, of) => files.list(at(of))),
  action("stat", fc.tuple(path), (files, at, of) => files.stat(at(of))),
  action("realPath", fc.tuple(path), (files, at, of) => files.realPath(at(of))),
  action("makeLink", fc.tuple(path), (files, at, of) => files.makeLink(at("a"), at(of))),
);

/** What a program sees: a value, or the code of a failure. */
function outcomeOf(act: () => unknown): unknown {
  try {
    return act() ?? "done";
  } catch (error) {
    const { name, code } = error as { readonly name: string; readonly code: string };
    return `${name} ${code}`;
  }
}

test("this machine's disk answers a program as the simulated one does, values and failures alike", () => {
  const real = new RealHostFiles();
  const property = fc.property(fc.array(actions, { minLength: 1, maxLength: 25 }), (sequence) => {
    const root = realpathSync(mkdtempSync(join(tmpdir(), "stormlane-")));
    try {
      const simulated = new HostDisk({ base: { folders: [root], files: {} } });
      const at = (relative: string): string => join(root, relative);
      for (const [what, act] of sequence) {
        expect([what, outcomeOf(() => act(real, at))]).toEqual([what, outcomeOf(() => act(simulated, at))]);
      }
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  });
  fc.assert(property, { numRuns: 300 });
});
