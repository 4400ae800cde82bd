import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { supportedMajors } from "../../../tools/nodes.ts";
import { UserProject } from "./user-project.ts";

/** Every door, and a name that its users start with. Those of optional packages stand apart. */
const doors = {
  stormlane: "runCase",
  "stormlane/ports": "Body",
  "stormlane/real": "realPorts",
  "stormlane/orchestrator": "startPoller",
  "stormlane/fakes": "Kanboard",
};

describe.each(supportedMajors)("in an empty project on Node %s", (major) => {
  let project: UserProject;

  beforeAll(async () => {
    project = await UserProject.create(major);
    await project.install(inject("tarball"));
  });

  afterAll(() => project.remove());

  test("the command runs a campaign", async () => {
    const args = ["stormlane", "run", "stormlane:small-claim", "--seeds", "50", "--json"];
    const { exitCode, stdout, stderr } = await project.run("npx", "--no-install", ...args);
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    expect(JSON.parse(stdout)).toMatchObject({ ok: true, seeds: { requested: 50, run: 50 } });
  });

  test("every door opens", async () => {
    project.write(
      "doors.js",
      Object.entries(doors)
        .map(([door, name]) => `import { ${name} } from "${door}";\nconsole.log(typeof ${name});\n`)
        .concat(
          `import schema from "stormlane/schemas/run-v1.schema.json" with { type: "json" };\nconsole.log(typeof schema);\n`,
        )
        .join(""),
    );
    const { exitCode, stdout, stderr } = await project.run("node", "doors.js");
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout.split("\n")).toEqual([...Object.keys(doors).map(() => "function"), "object"]);
  });

  test("what needs an optional package names it, and the command that installs it", async () => {
    for (const name of ["msw", "vitest"]) {
      project.write("door.js", `await import("stormlane/${name}");\n`);
      const door = await project.run("node", "door.js");
      expect(door.exitCode).toBe(1);
      const message = `MissingPeer: stormlane/${name}: needs ${name}, which is not installed`;
      expect(door.stderr).toContain(message);
      expect(door.stderr).toMatch(new RegExp(`run: npm install ${name}@\\^\\d`));
    }

    const nowhere = "redis://127.0.0.1:1/x";
    const packages = /needs bullmq and ioredis, .* run: npm install bullmq@\^\S+ ioredis@\^\S+$/;
    const worker = await project.stormlane("worker", nowhere);
    expect(worker).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(packages) });
    expect(worker.stderr).toMatch(/^stormlane: stormlane worker: /);
    const campaign = await project.stormlane("campaign", "stormlane:small-claim", "--seeds", "2", "--engine", nowhere);
    expect(campaign).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(packages) });
  });
});
