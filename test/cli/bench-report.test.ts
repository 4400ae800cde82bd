import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { historyLine } from "../../src/bench/run-history.ts";
import { reportMeasured, type ReportFlags } from "../../src/cli/bench/bench-report.ts";
import type { Measured } from "../../src/cli/bench/measured-file.ts";
import { runCommand, temporaryFolder, type CommandEnd } from "./run-command.ts";

let cwd: string;

const measured: Measured = {
  version: 1,
  origin: {
    at: "2026-01-05T09:00:00.000Z",
    by: "Ada",
    reason: "measured",
    commit: "0123456789abcdef0123456789abcdef01234567",
    // Of no baseline: the wall clock is not judged, and the verdict is a comment.
    hostClass: "toaster-1cpu",
    node: "v24.21.0",
    operatingSystem: "none",
  },
  metrics: { "config parse": { unit: "ns", isDeterministic: false, samples: [6_000, 6_100] } },
};

beforeEach(() => {
  cwd = temporaryFolder();
  writeFileSync(join(cwd, "m.json"), JSON.stringify(measured));
});

async function report(flags: ReportFlags, environment: Readonly<Record<string, string>> = {}): Promise<CommandEnd> {
  let out = "";
  const host = { cwd, writeOut: (text: string) => void (out += text) } as Parameters<typeof reportMeasured>[2];
  return { exitCode: await reportMeasured("m.json", flags, host, environment), out, error: "" };
}

/** What was posted, and to where, to a server that answers with a status. */
async function gitHub(status: number): Promise<{ readonly url: string; readonly posted: string[] }> {
  const posted: string[] = [];
  const server = createServer((request, response) => {
    let text = "";
    request.on("data", (chunk: Buffer) => (text += chunk.toString()));
    request.on("end", () => {
      posted.push(`${request.method} ${request.url} ${request.headers.authorization} ${text}`);
      response.writeHead(status).end("{}");
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, posted };
}

function pullRequest(api: string): Readonly<Record<string, string>> {
  writeFileSync(join(cwd, "event.json"), JSON.stringify({ pull_request: { number: 7 } }));
  return {
    GITHUB_TOKEN: "secret",
    GITHUB_REPOSITORY: "owner/name",
    GITHUB_EVENT_PATH: join(cwd, "event.json"),
    GITHUB_API_URL: api,
  };
}

describe("bench report", () => {
  test("prints the report, its verdict and every gate", async () => {
    const { exitCode, out } = await report({});
    expect(exitCode).toBe(0);
    expect(out).toContain("not comparable: measured on toaster-1cpu");
    expect(out).toContain("| config parse | ns | 2 |");
    expect(out).toContain("| deterministic | median worse by 1 % or more | median worse by 20 % or more |");
  });

  test("writes it to a file, and to the page of a job", async () => {
    const summary = join(cwd, "summary.md");
    writeFileSync(summary, "before\n");
    await report({ md: "r.md", to: "summary" }, { GITHUB_STEP_SUMMARY: summary });
    const text = readFileSync(join(cwd, "r.md"), "utf8");
    expect(text).toContain("## Benchmarks");
    expect(readFileSync(summary, "utf8")).toBe(`before\n${text}`);
  });

  test("comments on the pull request", async () => {
    const { url, posted } = await gitHub(201);
    const { exitCode, out } = await report({ to: "comment" }, pullRequest(url));
    expect(exitCode).toBe(0);
    expect(out).not.toContain("::warning::");
    expect(posted).toEqual([expect.stringContaining("POST /repos/owner/name/issues/7/comments Bearer secret")]);
    expect(posted[0]).toContain("## Benchmarks");
  });

  test.for([
    ["there is no token", 201, { GITHUB_TOKEN: "" }, "GITHUB_TOKEN is not set"],
    ["the token of a fork may not", 403, {}, "GitHub answered 403"],
    ["the job is of no pull request", 201, { GITHUB_EVENT_PATH: "/nowhere" }, "does not run for a pull request"],
    ["the repository is none", 201, { GITHUB_REPOSITORY: "../../x" }, "GITHUB_REPOSITORY is no repository"],
  ] as const)("warns when %s, keeps the report and the exit code", async ([, status, change, why]) => {
    const { url } = await gitHub(status);
    const { exitCode, out } = await report({ to: "comment", md: "r.md" }, { ...pullRequest(url), ...change });
    expect(exitCode).toBe(0);
    expect(out).toMatch(new RegExp(`^::warning::.*${why}.*; the report is in r.md\n`));
    expect(out).not.toContain("secret");
    expect(readFileSync(join(cwd, "r.md"), "utf8")).toContain("## Benchmarks");
  });

  test("prints it where it could be written nowhere", async () => {
    const { out } = await report({ to: "summary" });
    expect(out).toContain("::warning::GITHUB_STEP_SUMMARY is not set");
    expect(out).toContain("## Benchmarks");
  });

  test("a deterministic figure that got worse fails it, wherever it goes", async () => {
    const name = "reference run: steps";
    const worse = { [name]: { unit: "steps", isDeterministic: true, samples: [1e9] } };
    writeFileSync(join(cwd, "m.json"), JSON.stringify({ ...measured, metrics: worse }));
    expect(await report({ to: "comment" })).toMatchObject({ exitCode: 1, out: expect.stringContaining(name) });
  });

  test("what somebody wrote into a name is text", async () => {
    const name = "```\n# <img src=x>\u001B[31m";
    const hostile = { [name]: { unit: "ns", isDeterministic: true, samples: [1] } };
    writeFileSync(join(cwd, "m.json"), JSON.stringify({ ...measured, metrics: hostile }));
    const { out } = await report({});
    expect(out).not.toContain("\u001B");
    expect(out.split("\n")).toContain("````");
    expect(out.split("\n").filter((line) => line.startsWith("# "))).toEqual([]);
  });

  test.for([
    [["bench", "report", "m.json", "--to", "paper"], "use summary, comment or none"],
    [["bench", "report", "none.json"], "cannot be read (ENOENT)"],
    [["bench", "trend", "--history", "none.jsonl"], "cannot be read (ENOENT)"],
    [["bench", "trend", "--history", "m.json"], "line 1 "],
  ] as const)("refuses %j", async ([args, why]) => {
    const { exitCode, error, out } = await runCommand(args, { cwd });
    expect({ exitCode, out }).toEqual({ exitCode: 2, out: "" });
    expect(error).toContain(why);
  });
});

test("three runs make a trend", async () => {
  const lines = [100, 80, 120].map((value, day) =>
    historyLine(
      { ...measured.origin, at: `2026-01-0${day + 1}T09:00:00.000Z` },
      {
        a: { unit: "ns", isDeterministic: false, samples: [value] },
      },
    ),
  );
  writeFileSync(join(cwd, "h.jsonl"), lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
  const { out } = await runCommand(["bench", "trend", "--history", "h.jsonl", "a"], { cwd });
  const cells = out
    .split("\n")
    .filter((line) => line.includes("2026-"))
    .map((line) => line.trim().split(/ {2,}/));
  expect(cells.map((row) => row.slice(0, 4))).toEqual([
    ["2026-01-03T09:00:00.000Z", "120", "ns", "+50 %"],
    ["2026-01-02T09:00:00.000Z", "80", "ns", "-20 %"],
    ["2026-01-01T09:00:00.000Z", "100", "ns", "0123456789ab"],
  ]);
});

test("runs are added to a history, one line each", async () => {
  const args = ["bench", "prompt template", "--iterations", "1", "--append", "kept/h.jsonl"];
  await runCommand(args, { cwd });
  await runCommand(args, { cwd });
  const lines = readFileSync(join(cwd, "kept/h.jsonl"), "utf8").trimEnd().split("\n");
  expect(lines.map((line) => Object.keys((JSON.parse(line) as { medians: object }).medians))).toEqual([
    ["prompt template"],
    ["prompt template"],
  ]);
});

test("the log says who refreshed the baselines, and why", async () => {
  const { exitCode, out } = await runCommand(["bench", "log"], { cwd });
  expect(exitCode).toBe(0);
  expect(out).toMatch(/^deterministic\n {2}20\d\d-.*Z {2}\w+ {2}[0-9a-f]{12}.*: .+/);
  expect(out).toContain("\nwall-clock\n");
});
