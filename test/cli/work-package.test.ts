import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { filesBelow, runCommand, temporaryFolder, type CommandEnd } from "./run-command.ts";

interface Status {
  readonly stage: string;
  readonly artifacts: readonly { readonly path: string; readonly state: string }[];
  readonly problems: readonly string[];
}

/** A folder with a package EPIC-1 whose workspace is `site`. */
class Desk {
  readonly cwd = temporaryFolder();

  run(...args: readonly string[]): Promise<CommandEnd> {
    return runCommand(["work-package", ...args], { cwd: this.cwd });
  }

  async status(...args: readonly string[]): Promise<Status> {
    const { exitCode, out, error } = await this.run(...args, "--json");
    if (exitCode !== 0 || error !== "") throw new Error(`${args.join(" ")} ended with ${exitCode}: ${error}`);
    return JSON.parse(out) as Status;
  }

  write(path: string, text: string): void {
    writeFileSync(join(this.cwd, "site", path), text);
  }
}

async function openDesk(): Promise<Desk> {
  const desk = new Desk();
  const { stage } = await desk.status("init", "EPIC-1", "--title", "Log in", "--workspace", "site");
  expect(stage).toBe("inbox");
  return desk;
}

describe("stormlane work-package", () => {
  test("takes a card from its inbox over its first gate and back", async () => {
    const desk = await openDesk();
    await desk.status("advance", "EPIC-1");
    const early = await desk.run("advance", "EPIC-1");
    expect(early.exitCode).toBe(1);
    expect(early.error).toContain("the design artifacts are not approved");

    desk.write("DESIGN.md", "# Log in\n");
    await desk.status("artifact", "add", "EPIC-1", "design", "DESIGN.md");
    expect((await desk.run("gate", "EPIC-1", "pm")).exitCode).toBe(1);
    await desk.status("approve", "EPIC-1", "design", "--who", "ann", "--reason", "reads well");
    expect((await desk.run("gate", "EPIC-1", "pm")).exitCode).toBe(0);
    const approved = await desk.status("advance", "EPIC-1");
    expect(approved).toMatchObject({ stage: "design-approved", artifacts: [{ state: "approved" }] });

    desk.write("DESIGN.md", "# Something else\n");
    expect((await desk.status("show", "EPIC-1")).artifacts[0]!.state).toBe("stale");
    const back = await desk.status("rollback", "EPIC-1", "--to", "design-draft");
    expect(back).toMatchObject({ stage: "design-draft", artifacts: [{ state: "stale" }] });

    const approvals = join(desk.cwd, "work-packages", "EPIC-1", "approvals");
    const names = readdirSync(approvals).toSorted();
    expect(names.map((name) => name.split("-")[1])).toEqual([
      "opened",
      "advance",
      "artifact",
      "approval",
      "advance",
      "rollback",
    ]);
    const approval = readFileSync(join(approvals, names[3]!), "utf8");
    expect(approval).toContain('"who":"ann"');
    expect(approval).toContain('"reason":"reads well"');
  });

  test("makes manifest, dashboard and index again from the approvals, and writes nothing that is as it was", async () => {
    const desk = await openDesk();
    await desk.status("init", "EPIC-2", "--workspace", "site");
    const folder = join(desk.cwd, "work-packages");
    const derived = filesBelow(folder).filter((name) => /manifest|dashboard.*\.|^index|^README/.test(name));
    expect(derived).toHaveLength(8);
    const before = derived.map((name) => readFileSync(join(folder, name), "utf8"));
    for (const name of derived) rmSync(join(folder, name));
    writeFileSync(join(folder, "EPIC-1", "manifest.json"), '{"version":1,"ref');
    expect((await desk.run("dashboard")).exitCode).toBe(0);
    expect(derived.map((name) => readFileSync(join(folder, name), "utf8"))).toEqual(before);
  });

  test("shows a package that cannot be opened, and all others as ever", async () => {
    const desk = await openDesk();
    mkdirSync(join(desk.cwd, "work-packages", "EPIC-0"));
    const { exitCode, out } = await desk.run("dashboard");
    expect(exitCode).toBe(1);
    expect(out).toContain("EPIC-0  cannot be opened");
    expect(out).toContain("EPIC-1  inbox");
    expect(readFileSync(join(desk.cwd, "work-packages", "README.md"), "utf8")).toContain("[EPIC-1]");
  });

  test("tells of an approval that was damaged, and does without it", async () => {
    const desk = await openDesk();
    await desk.status("advance", "EPIC-1");
    const approvals = join(desk.cwd, "work-packages", "EPIC-1", "approvals");
    const name = readdirSync(approvals).toSorted()[1]!;
    writeFileSync(join(approvals, name), '{"version":1,"type":"adv');
    expect(await desk.status("show", "EPIC-1")).toMatchObject({
      stage: "inbox",
      problems: [`approvals/${name} cannot be read`],
    });
  });

  test.each([
    [["show", "EPIC-2"], /EPIC-2.*there is no work package/],
    [["approve", "EPIC-1", "desing"], /KIND desing: no such kind of artifact.*design/],
    [["gate", "EPIC-1", "ralf"], /AGENT ralf.*ralph/],
    [["rollback", "EPIC-1", "--to", "inbox"], /rollback to inbox: it is not before inbox/],
    [["rollback", "EPIC-1", "--to", "nowhere"], /--to nowhere: no such stage/],
    [["rollback", "EPIC-1"], /--to/],
    [["advance", "EPIC-1", "--to", "inbox"], /advance to inbox: inbox is not before it/],
    [["init", "EPIC-1"], /EPIC-1: there is a work package of that name/],
    [["show", "EPIC-1", "--folder", "elsewhere"], /--folder .*elsewhere: there is no such folder/],
  ])("refuses %j with exit code 2", async (args, message) => {
    const desk = await openDesk();
    const { exitCode, out, error } = await desk.run(...args);
    expect(error).toMatch(message);
    expect(exitCode).toBe(2);
    expect(out).toBe("");
    expect(existsSync(join(desk.cwd, "elsewhere"))).toBe(false);
  });

  test.each(["../secret", "/etc/passwd", "absent.md"])("takes no artifact from %s", async (path) => {
    const desk = await openDesk();
    writeFileSync(join(desk.cwd, "secret"), "x");
    expect((await desk.run("artifact", "add", "EPIC-1", "design", path)).exitCode).toBe(1);
  });

  test("loses nothing when commands run at the same time", async () => {
    const desk = await openDesk();
    const names = ["a.md", "b.md", "c.md"];
    for (const name of names) desk.write(name, name);
    const ends = await Promise.all(names.map((name) => desk.run("artifact", "add", "EPIC-1", "design", name)));
    expect(ends.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
    const { artifacts, problems } = await desk.status("show", "EPIC-1");
    expect(artifacts.map(({ path }) => path)).toEqual(names);
    expect(problems).toEqual([]);
  });
});
