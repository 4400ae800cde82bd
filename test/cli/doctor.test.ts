import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { runCommand, temporaryFolder } from "./run-command.ts";

interface Document {
  readonly ok: boolean;
  readonly environment: readonly { readonly what: string; readonly status: string }[];
  readonly lanes: readonly {
    readonly name: string;
    readonly status: string;
    readonly difference?: { readonly scenario: string; readonly text: string };
  }[];
}

async function examine(...names: readonly string[]): Promise<{ exitCode: number; document: Document }> {
  const { exitCode, out } = await runCommand(["doctor", ...names, "--json"], {
    cwd: temporaryFolder(),
    catalogue: "../cli/unsteady-scenarios.ts",
  });
  return { exitCode, document: JSON.parse(out) as Document };
}

const another = "in a fresh process, TZ=Pacific/Chatham, LC_ALL=tr_TR.UTF-8";

describe("doctor", () => {
  test("finds nothing where runs repeat themselves", async () => {
    const { exitCode, document } = await examine("steady");
    expect(document.lanes.map(({ status }) => status)).toEqual(["same", "same", "same", "same"]);
    expect({ exitCode, ok: document.ok }).toEqual({ exitCode: 0, ok: true });
  });

  test("names the time zone that a run depends on, with the event", async () => {
    const { exitCode, document } = await examine("steady", "zone");
    expect(exitCode).toBe(1);
    const [lane, ...others] = document.lanes.filter(({ status }) => status === "differs");
    expect(others).toEqual([]);
    expect(lane).toMatchObject({ name: another, difference: { scenario: "zone" } });
    expect(lane!.difference!.text).toMatch(/^event \d+ was .*"said"/);
  });

  test("notices what outlives a run", async () => {
    const { exitCode, document } = await examine("memory");
    expect(exitCode).toBe(1);
    expect(document.lanes[0]).toMatchObject({ name: "again in this process", status: "differs" });
  });

  test("says what it looked at, one line each", async () => {
    const { out } = await runCommand(["doctor", "steady"], {
      cwd: temporaryFolder(),
      catalogue: "../cli/unsteady-scenarios.ts",
    });
    expect(out).toMatch(/^ok {7}Node: \d+/m);
    expect(out).toMatch(/^ok {7}2 runs in a fresh thread: the same histories$/m);
  });

  test("fails with 3 when reports cannot be written, and goes on all the same", async () => {
    const cwd = temporaryFolder();
    writeFileSync(join(cwd, "reports"), "");
    const { exitCode, out } = await runCommand(["doctor", "steady", "--json"], {
      cwd,
      catalogue: "../cli/unsteady-scenarios.ts",
    });
    const { environment, lanes } = JSON.parse(out) as Document;
    expect(environment.find(({ what }) => what === "reports")!.status).toBe("failed");
    expect(lanes).toHaveLength(4);
    expect(exitCode).toBe(3);
  });

  test.each([
    [["stady"], "did you mean steady?"],
    [["--seeds", "0"], "out of range"],
    [["--seed", "1"], "unknown option"],
  ])("refuses %j", async (args, why) => {
    const { exitCode, error, out } = await runCommand(["doctor", ...args], {
      cwd: temporaryFolder(),
      catalogue: "../cli/unsteady-scenarios.ts",
    });
    expect({ exitCode, out }).toEqual({ exitCode: 2, out: "" });
    expect(error).toContain(why);
  });
});
