import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { UserProject } from "./user-project.ts";

const { devDependencies } = JSON.parse(readFileSync(new URL("../../../package.json", import.meta.url), "utf8")) as {
  readonly devDependencies: Readonly<Record<string, string>>;
};

/** A project with all optional packages that have types. */
let project: UserProject;

beforeAll(async () => {
  project = await UserProject.create("24");
  const peers = ["typescript", "@types/node", "msw", "vitest"].map((name) => `${name}@${devDependencies[name]!}`);
  await project.install(inject("tarball"), ...peers, "typescript-5.9@npm:typescript@5.9");
});

afterAll(() => project.remove());

const program = `
import { Body, runCase, type Case, type Invariant, type Outcome, type Scenario } from "stormlane";
import type { Ports, Result, HttpResponse } from "stormlane/ports";
import { realPorts } from "stormlane/real";
import { defaultPolicies, startPoller, type OrchestratorConfig, type Policies } from "stormlane/orchestrator";
import { Kanboard, ModelProvider, type BoardState } from "stormlane/fakes";
import { stormlaneHandlers, InProcessFakes } from "stormlane/msw";
import { setupServer } from "msw/node";
import { simTest } from "stormlane/vitest";
import { expect } from "vitest";

export async function main(ports: Ports): Promise<Result<HttpResponse>> {
  return ports.http.request({ method: "POST", url: "http://board.test/", headers: {}, body: Body.ofJson({ id: 1 }), timeoutMs: 1_000 });
}
export const here: Promise<Result<HttpResponse>> = main(realPorts({ log: (line) => console.log(line) }));
export const policies: Policies = { ...defaultPolicies, recovery: { decide: () => "leave" } };
export const poller = (ports: Ports, config: OrchestratorConfig): Promise<void> => startPoller(ports, config, policies);
export const run = (scenario: Scenario, each: Case): Promise<Outcome> => runCase(scenario, each);
export const handlers = setupServer(...stormlaneHandlers(new InProcessFakes({})));
simTest("two workers", { scenario: "stormlane:small-claim", seeds: 5 });
export const holds = (outcome: Outcome): void => expect(outcome).toHold();
export type Names = [Invariant, BoardState, typeof Kanboard, typeof ModelProvider];
// @ts-expect-error the types are there, and say no
main("no ports");
`;

test.each([
  ["TypeScript 7", "nodenext", "typescript"],
  ["TypeScript 7", "bundler", "typescript"],
  ["TypeScript 5.9", "nodenext", "typescript-5.9"],
])("a strict program over every door compiles with %s, moduleResolution %s", async (_name, resolution, compiler) => {
  const module = resolution === "bundler" ? "preserve" : resolution;
  const options = { module, moduleResolution: resolution, exactOptionalPropertyTypes: true, skipLibCheck: true };
  expect(await compile(compiler, options)).toEqual([]);
});

test("our own declarations are without error, also to who checks those of libraries", async () => {
  const errors = await compile("typescript", { module: "nodenext", skipLibCheck: false });
  expect(errors.filter((line) => line.includes("node_modules/stormlane/"))).toEqual([]);
});

/** @returns what the compiler says, line by line */
async function compile(compiler: string, options: Readonly<Record<string, unknown>>): Promise<string[]> {
  project.write("program.ts", program);
  const always = {
    strict: true,
    noEmit: true,
    types: ["node"],
    target: "es2024",
    lib: ["es2024", "esnext.disposable"],
  };
  project.write("tsconfig.json", JSON.stringify({ compilerOptions: { ...always, ...options }, files: ["program.ts"] }));
  const { stdout, stderr } = await project.run("node", `node_modules/${compiler}/bin/tsc`, "-p", ".");
  return `${stdout}\n${stderr}`.split("\n").filter((line) => line !== "");
}

test("a scenario runs as a test of a suite", async () => {
  project.write(
    "two-workers.test.ts",
    `import { simTest } from "stormlane/vitest";
simTest("no card is worked twice", { scenario: "stormlane:small-claim", seeds: 20, allowVacuous: true });
`,
  );
  const { exitCode, stdout, stderr } = await project.run("npx", "--no-install", "vitest", "run", "--no-color");
  expect(exitCode, stdout + stderr).toBe(0);
  expect(stdout).toMatch(/Tests +1 passed/);
});
