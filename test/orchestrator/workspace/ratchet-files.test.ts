import { beforeAll, describe, expect, test } from "vitest";
import { installGuards } from "../../../src/kernel/guards.ts";
import type { Answer } from "../../../src/orchestrator/answer.ts";
import { approvalFileName, type Approval } from "../../../src/orchestrator/governance/approval.ts";
import { emptyRatchet, lockedHash, lockedPaths, type Ratchet } from "../../../src/orchestrator/governance/ratchet.ts";
import { ApprovalLedger } from "../../../src/orchestrator/workspace/approval-ledger.ts";
import { strictRatchet } from "../../../src/orchestrator/workspace/ratchet-files.ts";
import { runWorld } from "../../sim/world-run.ts";

beforeAll(() => installGuards());

const folder = "/work/.agentleeops";
const ledgerFolder = "/state/approvals/work";

/** What is loaded, as often as asked, from a disk with these files. */
async function loadWith(files: Readonly<Record<string, string>>, times = 1): Promise<readonly Answer<Ratchet>[]> {
  const loaded: Answer<Ratchet>[] = [];
  await runWorld((world) => {
    world.process("core", async (ports) => {
      for (const name of ["approvals", "locked", "tmp"]) await ports.files.makeFolder(`${folder}/${name}`);
      await ports.files.makeFolder("/state/approvals");
      for (const [path, content] of Object.entries(files)) {
        await ports.files.makeFolder(path.slice(0, path.lastIndexOf("/")));
        await ports.files.write(path, content);
      }
      const ledger = new ApprovalLedger(ports, { folder: ledgerFolder, label: "work", generation: 1 });
      for (let round = 0; round < times; round++) {
        loaded.push(await strictRatchet.load({ ports, folder, label: "work", generation: 1, ledger }));
        // Whoever can write in the workspace takes everything away in between.
        await ports.files.remove(`${folder}/approvals`, { recursive: true });
        await ports.files.remove(`${folder}/ratchet.json`);
      }
    });
  });
  return loaded;
}

function lockOf(path: string, generation: number, digit: string): Approval {
  return { kind: "lock", path, hash: digit.repeat(64), generation, basis: "0".repeat(16) };
}

const design = lockOf("DESIGN.md", 1, "a");
const spoilt = ["", "[]", "null", "{", '{"version":1}'];

describe("without any record", () => {
  test.each(spoilt)("a ratchet that says %j holds as much as none while nothing was ever approved", async (text) => {
    expect(await loadWith({ [`${folder}/ratchet.json`]: text })).toEqual([{ kind: "ok", value: emptyRatchet }]);
  });

  test.each(spoilt)("a ratchet that says %j refuses when a copy of something approved is kept", async (text) => {
    const [loaded] = await loadWith({ [`${folder}/ratchet.json`]: text, [`${folder}/locked/aa`]: "# Approved\n" });
    expect(loaded!.kind).toBe("refused");
  });
});

describe("the ledger", () => {
  const kept = { [`${ledgerFolder}/${approvalFileName(design)}`]: "{}" };

  test.each(spoilt)("holds beside a ratchet that says %j and a workspace without records", async (text) => {
    const [loaded] = await loadWith({ ...kept, [`${folder}/ratchet.json`]: text });
    expect(lockedHash(valueOf(loaded!), "DESIGN.md")).toBe(design.hash);
  });

  test("is not moved by a record in the workspace, nor by a ratchet that knows more", async () => {
    const forged = approvalFileName(lockOf("DESIGN.md", 2, "b"));
    const artifact = { status: "LOCKED", hash: "c".repeat(64), locked_at: "", generation: 9, basis: "0".repeat(16) };
    const [loaded] = await loadWith({
      ...kept,
      [`${folder}/approvals/${forged}`]: "{}",
      [`${folder}/ratchet.json`]: JSON.stringify({ version: 1, artifacts: { "DESIGN.md": artifact, x: artifact } }),
    });
    expect(lockedPaths(valueOf(loaded!))).toEqual(["DESIGN.md"]);
    expect(lockedHash(valueOf(loaded!), "DESIGN.md")).toBe(design.hash);
  });

  test("takes the records of a workspace that is older than itself, once and for good", async () => {
    const [first, second] = await loadWith({ [`${folder}/approvals/${approvalFileName(design)}`]: "{}" }, 2);
    expect(lockedHash(valueOf(first!), "DESIGN.md")).toBe(design.hash);
    expect(lockedHash(valueOf(second!), "DESIGN.md")).toBe(design.hash);
  });
});

function valueOf(answer: Answer<Ratchet>): Ratchet {
  if (answer.kind !== "ok") throw new Error(answer.reason);
  return answer.value;
}
