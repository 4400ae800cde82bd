import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { readScenarioFile, type ScenarioFile } from "../../src/serving/scenario-file.ts";
import { ServedFakes } from "../../src/serving/served-fakes.ts";

function file(name: string, content: string): string {
  const folder = mkdtempSync(join(tmpdir(), "stormlane-scenario-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

const whole: ScenarioFile = {
  board: {
    apiToken: "secret",
    webhook: { url: "http://127.0.0.1:9999/hook", token: "t", timeLimitMs: 2_000 },
    privateNetworks: true,
    customFields: [{ name: "estimate" }],
    users: [{ username: "ada", password: "secret1", name: "Ada", role: "app-manager" }],
    projects: [
      {
        name: "shop",
        identifier: "SHOP",
        columns: ["To do", "Doing", "Done"],
        swimlanes: ["urgent"],
        categories: ["bug"],
        members: { ada: "project-manager" },
        cards: [
          {
            title: "a card",
            reference: "S1",
            description: "text",
            column: "Doing",
            swimlane: "urgent",
            category: "bug",
            owner: "ada",
            tags: ["ready"],
            metadata: { lane: "3" },
            comments: ["look"],
            subtasks: ["first"],
          },
          { title: "done", closed: true },
        ],
      },
    ],
  },
  model: { rules: [{ answer: { content: "hello" } }], models: ["m"], apiKey: "k", requestsPerStepMax: 3 },
  agents: { codex: [{ answer: { message: "ok" } }] },
  faults: [
    { service: "board", match: { procedure: "getTask", nth: 2 }, fault: { kind: "answer-lost" }, times: "always" },
    { program: "codex", fault: { kind: "cutResult" } },
  ],
};

describe("a scenario file", () => {
  test("as JSON holds everything but functions", async () => {
    expect(await readScenarioFile(file("whole.json", JSON.stringify(whole)))).toEqual(whole);
  });

  test.each(["scenario.ts", "scenario.mjs"])("as a module may hold functions: %s", async (name) => {
    const read = await readScenarioFile(
      file(name, 'export default { model: { script: (request) => ({ content: "said " + request.key }) } };'),
    );
    expect(read.model?.script?.({ key: "S1" } as never)).toEqual({ content: "said S1" });
  });

  test("becomes a board with all that it names", () => {
    const fakes = new ServedFakes({ scenario: whole });
    expect(fakes.summary()).toMatchObject({
      projects: [
        {
          name: "shop",
          columns: [
            { title: "To do", cards: [{ title: "done", open: false }] },
            { title: "Doing", cards: [{ title: "a card", reference: "S1", tags: ["ready"], metadata: { lane: "3" } }] },
            { title: "Done", cards: [] },
          ],
        },
      ],
      users: [{ username: "ada", role: "app-manager" }, { username: "admin" }],
    });
    fakes.close();
  });
});

describe("a mistake in a scenario file is told with its place", () => {
  test.each([
    ["empty.json", "", "is empty"],
    ["half.json", '{"board":', "is not JSON"],
    ["other.json", '{"baord":{}}', "baord"],
    ["column.json", '{"board":{"projects":[{"name":"a","columns":[]}]}}', "board.projects.0.columns"],
    ["user.json", '{"board":{"users":[{"username":"a","password":"short"}]}}', "board.users.0.password"],
    ["fault.json", '{"faults":[{"service":"board","fault":{"kind":"kill"}}]}', "faults.0.fault.kind"],
    ["script.json", '{"model":{"script":"text"}}', "model.script: not a function"],
    ["both.mjs", "export default { model: { rules: [], script: () => undefined } };", "both rules and a script"],
    ["nothing.mjs", "export const scenario = {};", "has no default export"],
    ["throws.mjs", 'throw new Error("not today");', "not today"],
  ])("%s", async (name, content, message) => {
    await expect(readScenarioFile(file(name, content))).rejects.toMatchObject({
      name: "ScenarioMistake",
      message: expect.stringContaining(message) as string,
    });
  });

  test("when it is not there", async () => {
    await expect(readScenarioFile("/nowhere/scenario.json")).rejects.toThrow("does not exist");
  });

  test.each([
    ["the rules of the model", { model: { rules: [{ answr: {} }] } }, "model.rules"],
    ["a behaviour of a program", { faults: [{ program: "codex", fault: { kind: "dreams" } }] }, "faults: codex"],
    [
      "a failure of a service",
      { faults: [{ service: "model", fault: { kind: "service-fault", name: "x" } }] },
      "faults: model: x",
    ],
    [
      "a card's owner",
      { board: { projects: [{ name: "p", cards: [{ title: "t", owner: "eve" }] }] } },
      "there is no user eve",
    ],
    [
      "two users of one name",
      { board: { users: [0, 1].map(() => ({ username: "a", password: "secret" })) } },
      "user a",
    ],
  ])("when the fakes are set up: %s", (_what, scenario, message) => {
    expect(() => new ServedFakes({ scenario: scenario as ScenarioFile })).toThrow(message);
  });
});
