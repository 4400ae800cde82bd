import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../../src/base/json.ts";
import { main } from "../../../src/cli/main.ts";
import {
  jsonSchemaOf,
  publishedSchemas,
  schemaFileName,
  schemaText,
} from "../../../src/cli/schemas/published-schemas.ts";
import { SpanFile } from "../../../src/cli/serve/span-file.ts";
import { workerDocument } from "../../../src/cli/worker-command.ts";
import { builtInRecordingsFolder } from "../../../src/conformance/recording-files.ts";
import { startServing } from "../../../src/serving/serving.ts";
import { schemaBreaks } from "../../../tools/schema-breaks.ts";
import { filesBelow, runCommand, temporaryFolder } from "../run-command.ts";

const real = "../../scenarios/index.ts" as const;
const corpus = new URL("../../../reports/corpus/", import.meta.url);
const evidence = new URL("../../../reports/evidence/", import.meta.url);
const frozen = new URL("../../fixtures/schemas/", import.meta.url);

const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true });
addFormats.default(ajv);
const validators = new Map<string, readonly ValidateFunction[]>();

/** What is wrong with a document, by the schema as it is published and by the one that refuses unknown members. */
function faultsOf(name: string, document: unknown): string[] {
  return validatorsOf(name).flatMap((validate) => {
    validate(document);
    return (validate.errors ?? []).map(
      ({ instancePath, message, params }) => `${name}${instancePath}: ${message} ${JSON.stringify(params)}`,
    );
  });
}

function validatorsOf(name: string): readonly ValidateFunction[] {
  let found = validators.get(name);
  if (found === undefined) {
    const published = publishedSchemas.find((each) => each.name === name)!;
    const { $id: _, ...closed } = jsonSchemaOf(published, true);
    validators.set(name, (found = [ajv.compile(jsonSchemaOf(published)), ajv.compile(closed)]));
  }
  return found;
}

async function documentOf(args: readonly string[], options: Parameters<typeof runCommand>[1]): Promise<unknown> {
  const { out, error } = await runCommand([...args, "--json"], options);
  expect(out, error).not.toBe("");
  return JSON.parse(out);
}

describe("what a command prints with --json is of its published schema:", () => {
  test("run, that holds, fails and is vacuous", async () => {
    const cwd = temporaryFolder();
    for (const args of [["counter-locked", "--seeds", "60"], ["counter-racy"], ["--for", "50ms", "--shard", "1/2"]]) {
      expect(faultsOf("run", await documentOf(["run", ...args, "--workers", "0"], { cwd }))).toEqual([]);
    }
  });

  test("run --strategy exhaustive", { timeout: 120_000 }, async () => {
    const args = ["run", "--strategy", "exhaustive", "small-claim", "--runs-max", "20"];
    for (const mutant of [[], ["--mutant", "F02"]]) {
      const document = await documentOf([...args, ...mutant], { cwd: temporaryFolder(), catalogue: real });
      expect(faultsOf("exhaustive", document)).toEqual([]);
    }
  });

  test("review, of a system that holds and of one that does not", { timeout: 120_000 }, async () => {
    for (const args of [["counter-locked"], ["counter-racy"]]) {
      const flags = ["--seeds", "60", "--workers", "0", "--without", "modules"];
      const document = await documentOf(["review", ...args, ...flags], { cwd: temporaryFolder() });
      expect(faultsOf("review", document)).toEqual([]);
    }
  });

  test("campaign, its blob, and merge", async () => {
    const cwd = temporaryFolder();
    const args = ["campaign", "counter-locked", "counter-racy", "--workers", "0"];
    expect(faultsOf("campaign", await documentOf([...args, "--seeds", "90"], { cwd }))).toEqual([]);
    expect(faultsOf("campaign", await documentOf([...args, "--seeds", "120"], { cwd }))).toEqual([]);
    const shard = ["--seeds", "90", "--shard", "1/2", "--blob", "blob.json", "--ledger", "other"];
    await runCommand([...args, ...shard], { cwd });
    expect(faultsOf("shard", JSON.parse(readFileSync(join(cwd, "blob.json"), "utf8")))).toEqual([]);
    expect(faultsOf("merge", await documentOf(["merge", "blob.json"], { cwd }))).toEqual([]);
  });

  test("replay, with an explanation, with views, and of a run that holds", async () => {
    const cwd = temporaryFolder();
    await runCommand(["run", "counter-racy", "--workers", "0"], { cwd });
    const [file] = filesBelow(join(cwd, "reports/out"));
    const target = join("reports/out", file!);
    expect(faultsOf("repro", JSON.parse(readFileSync(join(cwd, target), "utf8")))).toEqual([]);
    for (const args of [["--explain"], ["--show", "board,files,processes", "--until", "3"]]) {
      expect(faultsOf("replay", await documentOf(["replay", target, ...args], { cwd }))).toEqual([]);
    }
    expect(faultsOf("shrink", await documentOf(["shrink", target], { cwd }))).toEqual([]);
    const held = fileURLToPath(new URL("timeouts-unlock-cut-off.json", corpus));
    expect(faultsOf("replay", await documentOf(["replay", held], { cwd, catalogue: real }))).toEqual([]);
  });

  test("mutants, found and not found", { timeout: 60_000 }, async () => {
    const args = ["mutants", "F15", "--trials", "2", "--cpu-seconds", "20"];
    for (const more of [
      ["--runs-max", "200", "--strategy", "portfolio,random"],
      ["--runs-max", "1"],
    ]) {
      const document = await documentOf([...args, ...more, "--corpus", fileURLToPath(corpus)], {
        cwd: temporaryFolder(),
        catalogue: real,
      });
      expect(faultsOf("mutants", document)).toEqual([]);
    }
  });

  test("bench, whatever its verdicts are", { timeout: 60_000 }, async () => {
    const args = ["bench", "config parse", "board calls", "--iterations", "1"];
    const document = (await documentOf(args, { cwd: temporaryFolder() })) as JsonObject;
    const items = [{ metric: "config parse", level: "fail", reason: "slower" }];
    const verdicts = [{ kind: "ok" }, { kind: "comment", items: [] }, { kind: "fail", items }];
    const judged = [...verdicts, { kind: "invalid", why: "no samples" }].map((verdict) => ({
      lane: "deterministic",
      gates: true,
      verdict,
    }));
    const broken = [{ name: "replay", why: "no board" }];
    for (const each of [document, { ...document, exitCode: 1, ok: false, verdicts: judged, broken }]) {
      expect(faultsOf("bench", each)).toEqual([]);
    }
    for (const each of [
      { ...document, extra: 1 },
      { ...document, verdicts: [{ verdict: { kind: "slow" } }] },
    ]) {
      expect(faultsOf("bench", each)).not.toEqual([]);
    }
  });

  test("doctor, where runs repeat themselves and where they do not", { timeout: 60_000 }, async () => {
    const options = { cwd: temporaryFolder(), catalogue: "../cli/unsteady-scenarios.ts" } as const;
    for (const name of ["steady", "zone"]) {
      expect(faultsOf("doctor", await documentOf(["doctor", name], options))).toEqual([]);
    }
  });

  test("profile, of a scenario and of spans", async () => {
    const cwd = temporaryFolder();
    const simulated = await documentOf(["profile", "partial-spawn", "--runs", "1"], { cwd, catalogue: real });
    expect(faultsOf("profile", simulated)).toEqual([]);
    writeFileSync(join(cwd, "spans.jsonl"), "");
    expect(faultsOf("profile", await documentOf(["profile", "--spans", "spans.jsonl"], { cwd }))).toEqual([]);
  });

  test("limits, of a ramp, of an explicit limit that is broken, of one level, and what there is", async () => {
    const options = { cwd: temporaryFolder(), catalogue: real };
    const ramp = ["limits", "stories-per-epic", "limit:children-per-epic-max", "--seeds", "1", "--mutant", "F36"];
    expect(faultsOf("limits", await documentOf(ramp, options))).toEqual([]);
    const level = ["limits", "stories-per-epic", "--level", "3"];
    expect(faultsOf("limits-level", await documentOf(level, options))).toEqual([]);
    expect(faultsOf("limits-list", await documentOf(["limits", "--list"], options))).toEqual([]);
  });

  test("limits --suggest, where there is something to suggest and where there is not", async () => {
    for (const name of ["lost-webhook", "classics/token-ring"]) {
      const args = ["limits", "--suggest", name, "--seeds", "2"];
      const cwd = temporaryFolder();
      expect(faultsOf("suggested-budgets", await documentOf(args, { cwd, catalogue: real }))).toEqual([]);
    }
  });

  test("conformance kanboard, and diff", async () => {
    const cwd = temporaryFolder();
    const recording = join(builtInRecordingsFolder(), "a16-webhook-off.jsonl");
    const spoilt = readFileSync(recording, "utf8").replace('\\"score\\":0', '\\"score\\":null');
    writeFileSync(join(cwd, "spoilt.jsonl"), spoilt);
    const serving = await startServing({ ports: { board: 0, model: 0, control: 0 } });
    try {
      const url = (port: number, path: string): string => `http://127.0.0.1:${port}${path}`;
      const server = ["--url", url(serving.ports.board, "/jsonrpc.php"), "--control", url(serving.ports.control, "/")];
      const args = ["conformance", "kanboard", ...server, "--token", "any", "--recordings", "spoilt.jsonl"];
      expect(faultsOf("conformance", await documentOf(args, { cwd }))).toEqual([]);
    } finally {
      await serving.close();
    }
    const document = await documentOf(["conformance", "diff", recording, "spoilt.jsonl"], { cwd });
    expect(faultsOf("conformance-diff", document)).toEqual([]);
  });

  test("work-package, of one, at a gate, and of all", async () => {
    const options = { cwd: temporaryFolder() };
    const init = ["work-package", "init", "EPIC-1", "--title", "Log in", "--workspace", "site"];
    expect(faultsOf("work-package", await documentOf(init, options))).toEqual([]);
    writeFileSync(join(options.cwd, "site/DESIGN.md"), "# Log in");
    await runCommand(["work-package", "advance", "EPIC-1"], options);
    await runCommand(["work-package", "artifact", "add", "EPIC-1", "design", "DESIGN.md"], options);
    await runCommand(["work-package", "advance", "EPIC-1"], options);
    for (const args of [["show", "EPIC-1"], ["gate", "EPIC-1", "pm"], ["dashboard"]]) {
      expect(faultsOf("work-package", await documentOf(["work-package", ...args], options))).toEqual([]);
    }
  });

  test("ui", async () => {
    const cwd = temporaryFolder();
    await runCommand(["campaign", "counter-racy", "--seeds", "50", "--workers", "0", "--ledger", "ledger"], { cwd });
    expect(faultsOf("campaign-page", await documentOf(["ui", "--ledger", "ledger"], { cwd }))).toEqual([]);
  });

  test("fakes serve", async () => {
    const interruption = new AbortController();
    let out = "";
    const ports = ["--kanboard", "0", "--llm", "0", "--control", "0"];
    await main(["fakes", "serve", ...ports, "--json"], {
      cwd: temporaryFolder(),
      writeOut: (text) => {
        out += text;
        interruption.abort();
      },
      writeError: () => {},
      outIsTerminal: false,
      errorIsTerminal: false,
      terminal: undefined,
      takeInterruptions: () => interruption.signal,
      catalogueUrl: new URL("../../campaign/toy-scenarios.ts", import.meta.url),
    });
    expect(faultsOf("fakes-serve", JSON.parse(out))).toEqual([]);
  });

  test("worker, however it ended", () => {
    for (const reason of ["drained", "idle", "refused", "lost"] as const) {
      expect(faultsOf("worker", workerDocument({ reason, message: "", chunks: 1, runs: 250 }))).toEqual([]);
    }
  });
});

describe("a file that is written is of its published schema:", () => {
  test("the report of run --reporter ctrf", async () => {
    const cwd = temporaryFolder();
    await runCommand(["run", "--seeds", "300", "--workers", "0", "--reporter", "ctrf=c.json"], { cwd });
    expect(faultsOf("ctrf", JSON.parse(readFileSync(join(cwd, "c.json"), "utf8")))).toEqual([]);
  });

  test("each line of a journal, and of a file of spans", async () => {
    const cwd = temporaryFolder();
    const target = fileURLToPath(new URL("crash-anywhere-F49.json", corpus));
    await runCommand(["replay", target, "--journal", "j.jsonl"], { cwd, catalogue: real });
    const lines = readFileSync(join(cwd, "j.jsonl"), "utf8").trimEnd().split("\n");
    const events = lines.map((line) => JSON.parse(line) as JsonObject);
    const kinds = ["journal", "process", "sent", "answered", "fault", "change", "note"];
    expect(new Set(events.map(({ kind }) => kind))).toEqual(new Set(kinds));
    // What serves to real clients tells of effects, too.
    const { op, atUs } = events.find(({ kind }) => kind === "sent")!;
    events.push({ kind: "effect", op, atUs, step: 0 });
    expect(events.flatMap((event) => faultsOf("journal-line", event))).toEqual([]);
    const file = new SpanFile(join(cwd, "s.jsonl"), 1_000_000, () => {});
    const task = { taskId: 1, task: "card E lane 2 attempt 1", agent: "architect" };
    file.write("poller", { ...task, kind: "mark", name: "run.finished", detail: "done", atMs: 1.5 });
    file.write("poller", {
      ...task,
      requestId: 1,
      kind: "board",
      name: "board.getTask",
      key: "E",
      startMs: 1,
      endMs: 1.5,
      outcome: "ok",
    });
    const spans = readFileSync(join(cwd, "s.jsonl"), "utf8").trimEnd().split("\n");
    expect(spans.flatMap((line) => faultsOf("span-line", JSON.parse(line)))).toEqual([]);
  });

  test("every repro file that is kept, and all evidence", () => {
    for (const [name, folder] of [
      ["repro", corpus],
      ["evidence", evidence],
    ] as const) {
      const files = readdirSync(folder).filter((file) => file.endsWith(".json"));
      expect(files).not.toEqual([]);
      for (const file of files) {
        expect(faultsOf(name, JSON.parse(readFileSync(new URL(file, folder), "utf8"))), file).toEqual([]);
      }
    }
  });
});

test("a document with a member that is gone, new, or of another kind is noticed", () => {
  const document = JSON.parse(readFileSync(new URL("partial-spawn-F22.json", corpus), "utf8")) as JsonObject;
  const { expected: _, ...without } = document;
  expect(faultsOf("repro", without)).not.toEqual([]);
  expect(faultsOf("repro", { ...document, format: 2 })).not.toEqual([]);
  const end = workerDocument({ reason: "idle", message: "", chunks: 1, runs: 250 });
  expect(faultsOf("worker", { ...end, extra: 1 })).toEqual([
    'worker: must NOT have additional properties {"additionalProperty":"extra"}',
  ]);
});

describe("a published schema", () => {
  test.for(publishedSchemas)(
    "$name is the one that is frozen, or node tools/freeze-schemas.ts renews it",
    (published) => {
      const text = readFileSync(new URL(schemaFileName(published), frozen), "utf8");
      // What readers of this version would not understand needs a new version, and only additions may be frozen anew.
      expect(schemaBreaks(JSON.parse(text) as JsonObject, jsonSchemaOf(published))).toEqual([]);
      expect(schemaText(published)).toBe(text);
    },
  );

  test("is printed by its name, and listed without one", async () => {
    const { out } = await runCommand(["schema", "run"], { cwd: temporaryFolder() });
    expect(JSON.parse(out)).toMatchObject({ $id: "urn:stormlane:schema:run:1" });
    const { out: list } = await runCommand(["schema"], { cwd: temporaryFolder() });
    for (const published of publishedSchemas) expect(list).toContain(`stormlane/schemas/${schemaFileName(published)}`);
    const { exitCode, error } = await runCommand(["schema", "rnu"], { cwd: temporaryFolder() });
    expect({ exitCode, error }).toEqual({
      exitCode: 2,
      error: "stormlane: schema rnu: there is none of that name; did you mean run?\n",
    });
  });

  test("names are unique, and in order", () => {
    const names = publishedSchemas.map(({ name }) => name);
    expect(names).toEqual([...new Set(names)].toSorted());
  });
});
