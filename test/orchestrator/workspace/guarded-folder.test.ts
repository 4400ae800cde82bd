import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { installGuards } from "../../../src/kernel/guards.ts";
import { GuardedFolder } from "../../../src/orchestrator/workspace/guarded-folder.ts";
import type { Ports } from "../../../src/ports/ports.ts";
import { runWorld } from "../../sim/world-run.ts";

beforeAll(() => installGuards());

const root = "/work";

function guarded(ports: Ports): GuardedFolder {
  return new GuardedFolder({
    ports,
    guard: { signal: new AbortController().signal, require: () => {} },
    diskMarginMs: 0,
    root,
    realRoot: root,
    temporaryFolder: "/work/tmp",
    generation: 1,
    label: "work",
  });
}

const names = ["a.py", "b.py", "c.py", "d.py"];
const what = fc.constantFrom("file", "folder", "link", "link to nowhere", "nothing");
const isFolderLinked = fc.boolean();

test("many files are read as each of them alone, whatever stands in their place", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(what, { minLength: 4, maxLength: 4 }), isFolderLinked, async (kinds, linked) => {
      let together: unknown;
      const alone = new Map<string, unknown>();
      await runWorld((world) => {
        world.process("core", async (ports) => {
          const real = linked ? `${root}/elsewhere` : `${root}/tests`;
          await ports.files.makeFolder(real);
          await ports.files.write(`${root}/secret`, "secret");
          if (linked) await ports.files.makeLink("elsewhere", `${root}/tests`);
          for (const [index, kind] of kinds.entries()) {
            const path = `${real}/${names[index]!}`;
            if (kind === "file") await ports.files.write(path, `content ${index}`);
            if (kind === "folder") await ports.files.makeFolder(path);
            if (kind === "link") await ports.files.makeLink(`${root}/secret`, path);
            if (kind === "link to nowhere") await ports.files.makeLink("nowhere", path);
          }
          const folder = guarded(ports);
          const paths = [...names.map((name) => `tests/${name}`), "secret", "missing/x", "missing/y", "missing/z"];
          together = await folder.readAll(paths);
          for (const path of paths) {
            const answer = await folder.read(path);
            alone.set(path, answer.kind === "ok" ? answer.value : answer);
          }
        });
      });
      expect(together).toEqual({ kind: "ok", value: alone });
      expect(alone.size).toBe(8);
      expect(alone.get("tests/a.py")).toBe(kinds[0] === "file" && !linked ? "content 0" : undefined);
    }),
    { numRuns: 60 },
  );
});
