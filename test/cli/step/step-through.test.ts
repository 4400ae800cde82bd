import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { describe, expect, test } from "vitest";
import { main } from "../../../src/cli/main.ts";
import { FakeTerminal } from "../live/fake-terminal.ts";
import { filesBelow, runCommand, temporaryFolder } from "../run-command.ts";

/** `replay --step` of a failure, at a terminal. */
async function stepping(...flags: readonly string[]) {
  const cwd = temporaryFolder();
  await runCommand(["run", "counter-racy", "--workers", "0"], { cwd });
  const [file] = filesBelow(join(cwd, "reports/out"));
  const terminal = new FakeTerminal();
  let out = "";
  const begun = Promise.withResolvers<void>();
  const end = main(["replay", join("reports/out", file!), "--step", ...flags], {
    cwd,
    writeOut: (text) => {
      out += text;
      begun.resolve();
    },
    writeError: () => {},
    outIsTerminal: false,
    errorIsTerminal: true,
    terminal,
    takeInterruptions: () => new AbortController().signal,
    catalogueUrl: new URL("../../campaign/toy-scenarios.ts", import.meta.url),
  });
  await begun.promise;
  /** @returns what was drawn last */
  const type = async (text: string): Promise<string> => {
    out = "";
    await terminal.type(text);
    return stripVTControlCharacters(out);
  };
  return { terminal, type, end, out: () => out };
}

describe("replay --step", () => {
  test("walks the run by keys, and ends as the replay does, with the terminal as it was", async () => {
    const { terminal, type, end, out } = await stepping();
    expect(terminal.isRaw).toBe(true);
    expect(await type(" ")).toContain("event 1 / ");
    expect(await type("b")).toContain("event 0 / ");
    expect(await type("n")).toContain(": violation, ");
    expect(await type("3")).toContain("waits for");
    await type("q");
    expect(await end).toBe(1);
    expect(out()).toContain("same failure: C1: counter");
    expect(out().indexOf("\u001b[?1049l")).toBeLessThan(out().indexOf("same failure"));
    expect(terminal.isRaw).toBe(false);
  });

  test("begins at --until, with the panels of --show", async () => {
    const { type, end } = await stepping("--until", "3", "--show", "processes,files");
    const page = await type("1");
    expect(page).toContain("event 3 / ");
    for (const title of ["  board", "  files", "  processes"]) expect(page).toContain(title);
    await type("q");
    await end;
  });

  test("draws anew in another size", async () => {
    const { terminal, type, end, out } = await stepping();
    await type(" ");
    terminal.resize(40, 12);
    const last = stripVTControlCharacters(out().slice(out().lastIndexOf("\u001b[H")));
    expect(last.split("\r\n")).toHaveLength(12);
    await type("q");
    await end;
  });

  test("is refused with 2 where there is no terminal, which names what to use instead", async () => {
    const end = await runCommand(["replay", "counter-racy:1", "--step"], { cwd: temporaryFolder() });
    expect(end.exitCode).toBe(2);
    expect(end.error).toMatch(/^stormlane: --step: needs a terminal.*--until.*--show/);
  });

  test.each([["--json"], ["--trace"], ["--explain"]])("is refused beside %s", async (flag) => {
    const end = await runCommand(["replay", "counter-racy:1", "--step", flag], { cwd: temporaryFolder() });
    expect(end.exitCode).toBe(2);
    expect(end.error).toContain(`--step with ${flag}`);
  });
});
