import { beforeAll, expect, test } from "vitest";
import { installGuards } from "../../../src/kernel/guards.ts";
import type { Answer } from "../../../src/orchestrator/answer.ts";
import { emptyRatchet, type Ratchet } from "../../../src/orchestrator/governance/ratchet.ts";
import { strictRatchet } from "../../../src/orchestrator/workspace/ratchet-files.ts";
import { runWorld } from "../../sim/world-run.ts";

beforeAll(() => installGuards());

const folder = "/work/.agentleeops";

/** What is loaded from a folder with these files. */
async function loadWith(files: Readonly<Record<string, string>>): Promise<Answer<Ratchet>> {
  let loaded: Answer<Ratchet> | undefined;
  await runWorld((world) => {
    world.process("core", async (ports) => {
      for (const name of ["approvals", "locked", "tmp"]) await ports.files.makeFolder(`${folder}/${name}`);
      for (const [name, content] of Object.entries(files)) await ports.files.write(`${folder}/${name}`, content);
      loaded = await strictRatchet.load({ ports, folder, label: "work", generation: 1 });
    });
  });
  return loaded!;
}

const spoilt = ["", "[]", "null", "{", '{"version":1}'];

test.each(spoilt)("a ratchet that says %j holds as much as none while nothing was ever approved", async (text) => {
  expect(await loadWith({ "ratchet.json": text })).toEqual({ kind: "ok", value: emptyRatchet });
});

test.each(spoilt)("a ratchet that says %j refuses when a copy of something approved is kept", async (text) => {
  const loaded = await loadWith({ "ratchet.json": text, "locked/aa": "# Approved\n" });
  expect(loaded.kind).toBe("refused");
});
