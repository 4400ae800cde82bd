import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Host } from "../../../src/cli/host.ts";
import type { RoundMessage, RoundOrder } from "../../../src/cli/watch/run-round.ts";
import { runRound } from "../../../src/cli/watch/run-round.ts";
import { watch } from "../../../src/cli/watch/watch-command.ts";
import { watchFiles } from "../../../src/cli/watch/watch-files.ts";
import type { WatchedCode } from "../../../src/cli/watch/watched-code.ts";
import { FakeTerminal } from "../live/fake-terminal.ts";
import { filesBelow, runCommand, temporaryFolder } from "../run-command.ts";

const toyCatalogue = new URL("../../campaign/toy-scenarios.ts", import.meta.url);
const code: WatchedCode = {
  scenarios: [{ name: "race", folder: "/p/race", files: [] }],
  sharedFolders: [],
  sharedFiles: ["/p/config"],
};

interface StartedRound {
  readonly order: RoundOrder;
  readonly tell: (message: RoundMessage) => void;
  isKilled: boolean;
}

/** A watch whose rounds and changes are made by the test. */
function watching(flags: Record<string, string | boolean> = {}) {
  const terminal = new FakeTerminal();
  const interruption = new AbortController();
  const rounds: StartedRound[] = [];
  let error = "";
  let change: (paths: readonly string[]) => void = () => {};
  let isWatching = false;
  const host: Host = {
    cwd: "/p",
    writeOut: () => {},
    writeError: (text) => {
      error += stripVTControlCharacters(text);
    },
    outIsTerminal: false,
    errorIsTerminal: true,
    terminal,
    takeInterruptions: () => interruption.signal,
    catalogueUrl: toyCatalogue,
  };
  const end = watch(["race"], { watch: true, ...flags }, host, {
    startRound: (order, tell) => {
      const round: StartedRound = { order, tell, isKilled: false };
      rounds.push(round);
      return { kill: () => void (round.isKilled = true) };
    },
    watchFiles: (_, onChanged) => {
      change = onChanged;
      isWatching = true;
      return Promise.resolve(() => void (isWatching = false));
    },
  });
  const finish = (failed: readonly string[]): void => {
    const round = rounds.at(-1)!;
    round.tell({ kind: "loaded", code });
    const exitCode = failed.length > 0 ? 1 : 0;
    round.tell({ kind: "ended", end: { kind: "done", exitCode, ran: ["race"], failed } });
  };
  return {
    terminal,
    rounds,
    end,
    finish,
    interruption,
    change: (...paths: readonly string[]) => change(paths),
    error: () => error,
    isWatching: () => isWatching,
    settled: () => new Promise((resolve) => setImmediate(resolve)),
  };
}

describe("run --watch", () => {
  test("runs all, then what changes touch, and ends with q and the code of the last round", async () => {
    const { terminal, rounds, end, finish, change, error, isWatching, settled } = watching({ seeds: "50" });
    await settled();
    expect(rounds[0]!.order).toEqual({ names: ["race"], flags: { seeds: "50" }, targets: "all" });
    finish([]);
    expect(error()).toContain("watch: 1 scenario: all held");
    change("/p/race/scenario.ts");
    expect(error()).toContain("watch: runs race: race/scenario.ts changed");
    finish(["race"]);
    await terminal.type("q");
    expect(await end).toBe(1);
    expect(terminal.isRaw).toBe(false);
    expect(isWatching()).toBe(false);
  });

  test("ends the round that runs before it starts another one", async () => {
    const { rounds, end, finish, change, terminal, settled } = watching();
    await settled();
    finish([]);
    change("/p/race/a");
    change("/p/race/b");
    expect(rounds.map(({ isKilled }) => isKilled)).toEqual([false, true, false]);
    await terminal.type("q");
    await end;
    expect(rounds.at(-1)!.isKilled).toBe(true);
  });

  test("runs all or what failed when it is asked to", async () => {
    const { terminal, rounds, end, finish, settled } = watching();
    await settled();
    finish(["race"]);
    await terminal.type("f");
    expect(rounds.at(-1)!.order.targets).toEqual(["race"]);
    finish(["race"]);
    await terminal.type("a");
    expect(rounds.at(-1)!.order.targets).toBe("all");
    await terminal.type("q");
    await end;
  });

  test("ends with 130 when it is interrupted, and with 2 when nothing could be begun", async () => {
    const interrupted = watching();
    await interrupted.settled();
    await interrupted.terminal.type("\u0003");
    expect(interrupted.terminal.interruptions).toBe(1);
    interrupted.interruption.abort();
    expect(await interrupted.end).toBe(130);
    const refused = watching();
    await refused.settled();
    refused.rounds[0]!.tell({ kind: "ended", end: { kind: "refused", why: "--seeds x: no" } });
    expect(await refused.end).toBe(2);
    expect(refused.error()).toContain("--seeds x: no");
  });

  test.each([["--json"], ["--shard=1/2"], ["--reporter=junit"], ["--strategy=exhaustive"]])(
    "is refused beside %s",
    async (flag) => {
      const end = await runCommand(["run", "--watch", flag], { cwd: temporaryFolder() });
      expect(end.exitCode).toBe(2);
      expect(end.error).toContain(`--watch with ${flag.split("=")[0]}`);
    },
  );
});

describe("a round", () => {
  async function round(cwd: string, order: Partial<RoundOrder>) {
    let out = "";
    const told: RoundMessage[] = [];
    const host: Host = {
      cwd,
      writeOut: (text) => {
        out += text;
      },
      writeError: () => {},
      outIsTerminal: false,
      errorIsTerminal: false,
      takeInterruptions: () => new AbortController().signal,
      catalogueUrl: toyCatalogue,
    };
    const flags = { workers: "0", seeds: "20", ...order.flags };
    const end = await runRound({ names: [], targets: "all", ...order, flags }, host, (message) => told.push(message));
    return { end, out, told };
  }

  test("replays what failed before, then runs, and says which scenarios failed", async () => {
    const cwd = temporaryFolder();
    await runCommand(["run", "counter-racy", "--workers", "0"], { cwd });
    const [file = ""] = filesBelow(join(cwd, "reports/out"));
    const { end, out, told } = await round(cwd, {});
    expect(told.map(({ kind }) => kind)).toEqual(["loaded"]);
    expect(out.indexOf(`kept  reports/out/${file}: same failure`)).toBe(0);
    expect(out.indexOf("FAILED  counter-racy")).toBeGreaterThan(0);
    expect(end).toEqual({
      kind: "done",
      exitCode: 1,
      ran: ["counter-locked", "counter-racy"],
      failed: ["counter-racy"],
    });
  });

  test("of a scenario with a kept failure that stands has failed, whatever its seeds come to", async () => {
    const cwd = temporaryFolder();
    await runCommand(["run", "counter-racy", "--workers", "0"], { cwd });
    const { end } = await round(cwd, { targets: ["counter-racy"], flags: { seeds: "1", strategy: "first-due" } });
    expect(end).toMatchObject({ exitCode: 1, failed: ["counter-racy"] });
  });

  test("leaves out kept failures of other scenarios and other mutants, and files that are none", async () => {
    const cwd = temporaryFolder();
    await runCommand(["run", "--mutant", "F01", "--workers", "0"], { cwd });
    mkdirSync(join(cwd, "reports/corpus"), { recursive: true });
    writeFileSync(join(cwd, "reports/corpus/ctrf.json"), "{}");
    writeFileSync(join(cwd, "reports/corpus/half.json"), "{");
    const { end, out } = await round(cwd, { targets: ["counter-locked"] });
    expect(out).not.toContain("kept");
    expect(end).toMatchObject({ exitCode: 0, ran: ["counter-locked"], failed: [] });
    const withMutant = await round(cwd, { flags: { mutant: "F01" } });
    expect(withMutant.out).toContain("same failure");
  });

  test("refuses what a run refuses", async () => {
    const { end } = await round(temporaryFolder(), { flags: { seeds: "1" } });
    expect(end).toMatchObject({ kind: "refused", why: expect.stringContaining("--seeds 1") as string });
  });
});

test("files that are written are told once for a volley; what runs and editors leave is not", async () => {
  const folder = temporaryFolder();
  for (const name of ["reports", "node_modules", "src"]) mkdirSync(join(folder, name));
  const { promise, resolve } = Promise.withResolvers<readonly string[]>();
  onTestFinished(await watchFiles([folder], resolve));
  for (const name of ["reports/a.json", "node_modules/a.js", ".hidden", "src/.a.ts.swp", "src/a.ts", "b.ts"]) {
    writeFileSync(join(folder, name), "");
  }
  expect(await promise).toEqual([join(folder, "b.ts"), join(folder, "src/a.ts")]);
});
