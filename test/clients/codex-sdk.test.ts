import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { installPrograms, type InstalledPrograms } from "./installed-programs.ts";
import { describeClient } from "./requires-package.ts";
import { forecast, forecastSchema } from "./scripted-model.ts";

const rules = [
  { match: { token: "failed" }, answer: { failure: { kind: "api-error", status: 400, message: "no such model" } } },
  { match: { token: "declined" }, answer: { failure: { kind: "refusal" } } },
  { match: { token: "shaky" }, answer: { message: "At last.", failure: { kind: "reconnects", times: 3 } } },
  { match: { token: "structured" }, answer: { structured: forecast } },
  { match: { turn: 2 }, answer: { message: "As I said." } },
  {
    answer: {
      message: "Done.",
      steps: [
        { kind: "reasoning", text: "Look first." },
        { kind: "command", command: "ls", output: "a.py\n", exitCode: 0 },
      ],
      edits: [{ path: "src/a.py", content: "one = 1\n" }],
      usage: { inputTokens: 20, outputTokens: 5, cachedTokens: 4 },
    },
  },
];

const faults = [
  { program: "codex", match: { token: "cut" }, fault: { kind: "cutResult" } },
  { program: "codex", match: { token: "noisy" }, fault: { kind: "garbageBytes", sizeBytes: 200 } },
  { program: "codex", match: { token: "killed" }, fault: { kind: "dieBySignal", signal: "SIGKILL", when: "result" } },
  { program: "codex", match: { token: "hung" }, fault: { kind: "hang", when: "start", ignoresSignals: false } },
];

await describeClient(
  "@openai/codex-sdk",
  () => import("@openai/codex-sdk"),
  ({ Codex }) => {
    let programs: InstalledPrograms;
    beforeAll(() => {
      programs = installPrograms({ agents: { codex: rules }, faults });
    });
    afterAll(() => programs.remove());

    const thread = (token: string): ReturnType<InstanceType<typeof Codex>["startThread"]> => {
      const env = { PATH: process.env["PATH"]!, STORMLANE_TOKEN: token };
      const codex = new Codex({ codexPathOverride: programs.path("codex"), apiKey: "key", env });
      return codex.startThread({ workingDirectory: programs.workspace, skipGitRepoCheck: true, model: "storm-1" });
    };

    test("runs a turn: what it did on the way, its last message, its usage, and its edits on disk", async () => {
      const { items, finalResponse, usage } = await thread("plain").run("Write it.");
      expect(finalResponse).toBe("Done.");
      expect(items.map(({ type }) => type)).toEqual(["reasoning", "command_execution", "file_change", "agent_message"]);
      expect(usage).toMatchObject({ input_tokens: 20, cached_input_tokens: 4, output_tokens: 5 });
      expect(readFileSync(join(programs.workspace, "src/a.py"), "utf8")).toBe("one = 1\n");
    });

    test("streams the events of a turn", async () => {
      const types: string[] = [];
      for await (const event of (await thread("streamed").runStreamed("Write it.")).events) types.push(event.type);
      expect(types[0]).toBe("thread.started");
      expect(types.at(-1)).toBe("turn.completed");
      expect(types).toContain("item.started");
    });

    test("goes on with a thread, also one that an earlier object began", async () => {
      const first = thread("resumed");
      await first.run("Write it.");
      expect((await first.run("Say it again.")).finalResponse).toBe("As I said.");
      expect(first.id).not.toBeNull();
    });

    test("answers by a schema", async () => {
      const { finalResponse } = await thread("structured").run("Weather?", { outputSchema: forecastSchema });
      expect(JSON.parse(finalResponse)).toEqual(forecast);
    });

    test("tells failures, refusals and new connections apart", async () => {
      await expect(thread("failed").run("x")).rejects.toThrow(/no such model/);
      expect((await thread("declined").run("x")).finalResponse).toBe("");
      expect((await thread("shaky").run("x")).finalResponse).toBe("At last.");
    });

    test("finds out what is wrong with its output and its end", async () => {
      await expect(thread("cut").run("x")).rejects.toThrow(/Failed to parse item/);
      await expect(thread("noisy").run("x")).rejects.toThrow(/Failed to parse item/);
      await expect(thread("killed").run("x")).rejects.toThrow(/signal SIGKILL/);
    });

    test("ends the program when its user aborts", async () => {
      const abort = new AbortController();
      const { events } = await thread("hung").runStreamed("x", { signal: abort.signal });
      const reading = (async () => {
        for await (const _ of events);
      })();
      abort.abort();
      await expect(reading).rejects.toThrow(/abort/i);
    });

    test("says so when the program is not there", async () => {
      const codex = new Codex({ codexPathOverride: join(programs.folder, "none") });
      expect(existsSync(join(programs.folder, "none"))).toBe(false);
      await expect(codex.startThread().run("x")).rejects.toThrow(/ENOENT/);
    });
  },
);
