import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { beforeEach, describe, expect, test } from "vitest";
import { projectMembers } from "../../src/cli/project/project-config.ts";
import { variables } from "../../src/cli/serve/environment.ts";
import { readServeConfig, type ConfigRead } from "../../src/cli/serve/read-config.ts";
import { coreConfig } from "../../src/cli/serve/serve-config.ts";
import { runCommand, temporaryFolder } from "./run-command.ts";

let cwd: string;
beforeEach(() => {
  cwd = temporaryFolder();
});

const environment = {
  STORMLANE_BOARD_URL: "http://board.test/jsonrpc.php",
  STORMLANE_BOARD_TOKEN: "token-of-the-board",
  STORMLANE_BOARD_USER_ID: "3",
  STORMLANE_BOARD_PROJECT: "shop",
  STORMLANE_MODEL_URL: "http://model.test",
  STORMLANE_MODEL_PLANNER: "planner-1",
  STORMLANE_CODER_MODEL: "coder-1",
};

const read = (
  env: Readonly<Record<string, string>>,
  options: { file?: string; flags?: Readonly<Record<string, string | number>> } = {},
): Promise<ConfigRead> => readServeConfig({ cwd, file: options.file, environment: env, flags: options.flags ?? {} });

function mistakesOf(result: ConfigRead): readonly string[] {
  return result.kind === "ok" ? [] : result.mistakes.map(({ what, why, fix }) => `${what}: ${why}; ${fix}`);
}

describe("the config of serve", () => {
  test("comes from the environment alone", async () => {
    const result = await read(environment);
    expect(result).toMatchObject({
      kind: "ok",
      config: {
        board: { userId: 3, project: "shop" },
        pollers: 1,
        webhook: "off",
        stateFolder: `${cwd}/stormlane/state`,
      },
    });
  });

  test("prefers flags to the environment, the environment to the file, and the file to defaults", async () => {
    writeFileSync(
      join(cwd, "stormlane.config.mjs"),
      `export default { pollers: 2, pollIntervalMs: 900, leaseTtlMs: 50000 };`,
    );
    const result = await read(
      { ...environment, STORMLANE_POLL_INTERVAL_MS: "800", STORMLANE_POLLERS: "3" },
      { flags: { pollers: 4 } },
    );
    expect(result).toMatchObject({ kind: "ok", config: { pollers: 4, pollIntervalMs: 800, leaseTtlMs: 50_000 } });
  });

  test("takes any provider for either role, with what its type asks for", async () => {
    const { STORMLANE_MODEL_URL: _, ...rest } = environment;
    const result = await read({
      ...rest,
      STORMLANE_MODEL_TYPE: "claude",
      STORMLANE_CODER_TYPE: "ollama",
      STORMLANE_CODER_URL: "http://ollama.test",
    });
    expect(result.kind).toBe("ok");
    if (result.kind !== "ok") return;
    const { planner, coder } = coreConfig(result.config).models.roles;
    expect(planner.provider).toEqual({ type: "claude", command: "claude", env: {} });
    expect(coder.provider).toEqual({ type: "ollama", url: "http://ollama.test", apiKey: "" });
    expect([planner.timeoutMs, coder.timeoutMs]).toEqual([120_000, 300_000]);
  });

  test.each([
    [{ STORMLANE_MODEL_TYPE: "claude" }, "model.url: claude is a tool, not an API"],
    [{ STORMLANE_CODER_TYPE: "anthropic" }, "coder.url: is missing"],
    [{ STORMLANE_MODEL_COMMAND: "x" }, "model.command: openai is an API, not a tool"],
    [{ STORMLANE_CODER_TYPE: "copilot" }, "coder.type"],
  ])("refuses a provider that does not go together: %j", async (more, mistake) => {
    expect(mistakesOf(await read({ ...environment, ...more })).join("\n")).toContain(mistake);
  });

  test("takes the name of the tokens' limit for openai, and for nobody else", async () => {
    const model = { tokensField: "max_completion_tokens" };
    writeFileSync(join(cwd, "openai.json"), JSON.stringify({ model }));
    const result = await read(environment, { file: "openai.json" });
    expect(result.kind === "ok" && coreConfig(result.config).models.roles.planner.provider).toMatchObject(model);
    writeFileSync(join(cwd, "codex.json"), JSON.stringify({ coder: model }));
    const refused = mistakesOf(await read(environment, { file: "codex.json" }));
    expect(refused.join("\n")).toContain("coder.tokensField: is for openai alone");
  });

  test("takes folders relative to its own file", async () => {
    writeFileSync(join(cwd, "own.json"), JSON.stringify({ stateFolder: "../state" }));
    const result = await read(environment, { file: "own.json" });
    expect(result).toMatchObject({ config: { stateFolder: join(cwd, "../state") } });
  });

  test("is refused with every mistake at once, each with its place, its reason and a fix", async () => {
    writeFileSync(
      join(cwd, "stormlane.config.json"),
      JSON.stringify({
        board: { url: "ftp://board.test", token: "short", project: "shop", timeoutMs: 1 },
        modell: {},
        webhook: { hots: "x" },
        limits: { childrenPerEpicMax: 0 },
      }),
    );
    const mistakes = mistakesOf(await read({ STORMLANE_POLLERS: "many" }));
    const place = `${cwd}/stormlane.config.json`;
    expect(mistakes).toEqual(
      expect.arrayContaining([
        `${place}: board.url: not an http or https URL; write it as https://board.example/jsonrpc.php`,
        expect.stringContaining(`${place}: board.token: shorter than 8 characters`),
        `${place}: board.userId: is missing; write it there, or set STORMLANE_BOARD_USER_ID`,
        expect.stringContaining(`${place}: board.timeoutMs: `),
        `${place}: modell: there is no such member; did you mean model?`,
        expect.stringContaining(`${place}: webhook.hots: there is no such member; did you mean host?`),
        expect.stringContaining(`${place}: webhook.token: is missing`),
        expect.stringContaining(`${place}: limits.childrenPerEpicMax: `),
        expect.stringContaining(`STORMLANE_POLLERS: pollers: `),
      ]),
    );
  });

  test("is refused when nothing would be served, and when a lease is too short for one effect", async () => {
    const mistakes = mistakesOf(await read({ ...environment, STORMLANE_POLLERS: "0", STORMLANE_LEASE_TTL_MS: "5000" }));
    expect(mistakes.join("\n")).toContain("without pollers and webhook nothing is served");
    expect(mistakes.join("\n")).toContain("shorter than 20000, twice the time limit of one effect");
  });

  test("never starts without a named board: it says so and ends with exit code 2", async () => {
    writeFileSync(join(cwd, "own.json"), "{}");
    const { exitCode, error } = await runCommand(["serve", "--config", "own.json"], { cwd });
    expect(exitCode).toBe(2);
    expect(error).toContain("board.url: is missing; write it there, or set STORMLANE_BOARD_URL");
  });

  test.each([
    [["serve", "--config", "nowhere.json"], "nowhere.json: does not exist"],
    [["serve", "--pollers", "x"], "--pollers x: not a whole number"],
    [["serve", "--webhook", "70000"], "--webhook 70000: out of range"],
    [["serve", "--log-format", "xml"], "--log-format xml: no such format"],
  ])("refuses bad usage: %j", async (args, message) => {
    const { exitCode, error } = await runCommand(args, { cwd });
    expect(error).toContain(message);
    expect(exitCode).toBe(2);
  });

  test("has a schema for editors that takes the members of tests, alone or beside those of serve", async () => {
    await runCommand(["serve", "--print-schema"], { cwd });
    const schema = JSON.parse(readFileSync(join(cwd, "stormlane.config.schema.json"), "utf8")) as object;
    const isOfSchema = new Ajv2020().addFormat("uri", true).compile(schema);
    const tests = {
      scenarios: ["a/*.ts"],
      seeds: 100,
      workers: 0,
      budgets: { commentsPerCard: 5 },
      reports: "out",
      reporters: ["junit"],
    };
    expect(projectMembers.toSorted()).toEqual(Object.keys(tests).toSorted());
    expect(isOfSchema({ $schema: "./stormlane.config.schema.json", ...tests })).toBe(true);
    expect(isOfSchema({ ...tests, pollers: 2, leaseTtlMs: 50_000 })).toBe(true);
    for (const wrong of [{ seed: 100 }, { seeds: "many" }, { pollers: "two" }]) expect(isOfSchema(wrong)).toBe(false);
  });

  test("has a schema for editors that knows every variable's place", async () => {
    const { exitCode } = await runCommand(["serve", "--print-schema", "schema.json"], { cwd });
    expect(exitCode).toBe(0);
    expect(existsSync(join(cwd, "schema.json"))).toBe(true);
    const schema = readFileSync(join(cwd, "schema.json"), "utf8");
    for (const { path } of variables) expect(schema).toContain(`"${path.at(-1)}"`);
  });
});
