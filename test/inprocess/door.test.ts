import { pathToFileURL } from "node:url";
import { join } from "node:path";
import { expect, test } from "vitest";
import { UnmodifiedSystem } from "../../src/in-process.ts";
import { Body, defineScenario, fc, type Ports } from "../../src/index.ts";
import { printed, project, runScenario } from "./project.ts";

const manifest = { "package.json": `{"type":"module"}` };

test("an unmodified file runs in a scenario of one's own, beside a process over the ports", async () => {
  const folder = project({
    ...manifest,
    "src/asker.ts": `
      const answer = await fetch("http://127.0.0.1:4000/" + process.argv[2]);
      console.log(process.cwd(), process.env.LANE, await answer.text());`,
  });
  const asker = pathToFileURL(join(folder, "src/asker.ts"));
  const main = new UnmodifiedSystem(asker).main(asker, { args: ["card"], env: { LANE: "Ready" }, cwd: "/app/work" });
  const answerer = async (ports: Ports): Promise<void> => {
    await ports.http.listen({ port: 4000, bodyBytesMax: 1_000 }, async ({ path }) => ({
      status: 200,
      body: Body.ofText(path),
    }));
  };
  const outcome = await runScenario(
    defineScenario({
      name: "beside",
      workload: fc.constant({}),
      files: { "/app/work/": "" },
      system: { answerer: { main: answerer, daemon: true }, asker: { main, daemon: true, startAfterMs: 10 } },
      invariants: [],
    }),
  );
  expect(printed(outcome)).toEqual(["/app/work Ready /card"]);
});

test.each([
  ["is relative", () => "src/asker.ts", /must be absolute, as new URL/],
  ["is not there", () => join(project(manifest), "none.ts"), /there is no such file/],
  ["does not parse", () => join(project({ ...manifest, "a.ts": "const = 3;" }), "a.ts"), /Unexpected|Expected/],
])("a file that %s is refused before any run", (_what, entry, message) => {
  const path = entry();
  expect(() => new UnmodifiedSystem(path).main(path)).toThrow(
    expect.objectContaining({ name: "CompileError", message: expect.stringMatching(message) }),
  );
});
