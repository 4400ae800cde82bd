import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";
import { main } from "../../src/cli/main.ts";
import { readJournal } from "../../src/history/journal.ts";
import { runCommand, temporaryFolder, type CommandEnd } from "../cli/run-command.ts";

interface Addresses {
  readonly kanboard: { readonly port: number; readonly url: string; readonly apiToken: string };
  readonly llm: { readonly port: number; readonly url: string };
  readonly control: { readonly port: number; readonly url: string };
}

/** Serves in this process until `use` has come to its end, then interrupts. */
async function serve(
  args: readonly string[],
  use: (out: string) => Promise<void>,
): Promise<CommandEnd & { readonly cwd: string }> {
  const cwd = temporaryFolder();
  const interruption = new AbortController();
  const started = Promise.withResolvers<string>();
  let [out, error] = ["", ""];
  const ended = main(["fakes", "serve", ...args], {
    cwd,
    writeOut: (text) => {
      out += text;
      started.resolve(text);
    },
    writeError: (text) => {
      error += text;
    },
    outIsTerminal: false,
    errorIsTerminal: false,
    takeInterruptions: () => interruption.signal,
    catalogueUrl: new URL("file:///nowhere"),
  });
  try {
    await use(await Promise.race([started.promise, ended.then(() => "")]));
  } finally {
    interruption.abort();
  }
  return { exitCode: await ended, out, error, cwd };
}

async function getVersion({ kanboard }: Addresses): Promise<number> {
  const response = await fetch(kanboard.url, {
    method: "POST",
    headers: { authorization: `Basic ${btoa(`jsonrpc:${kanboard.apiToken}`)}` },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "getVersion" }),
  });
  await response.text();
  return response.status;
}

describe("stormlane fakes serve", () => {
  test("prints the addresses as one JSON line, serves there, and ends when it is interrupted", async () => {
    const { exitCode, out, error } = await serve(["--json"], async (line) => {
      const addresses = JSON.parse(line) as Addresses;
      expect(await getVersion(addresses)).toBe(200);
      expect((await fetch(`${addresses.control.url}/health`)).status).toBe(200);
    });
    expect([exitCode, out.trimEnd().split("\n").length, error]).toEqual([0, 1, ""]);
  });

  test("tells people where to point their clients", async () => {
    const { out } = await serve([], async () => {});
    for (const name of [
      "KANBOARD_URL",
      "OPENAI_BASE_URL",
      "ANTHROPIC_BASE_URL",
      "OLLAMA_HOST",
      "GOOGLE_GEMINI_BASE_URL",
    ]) {
      expect(out).toMatch(new RegExp(`${name}=http://127\\.0\\.0\\.1:[1-9]`));
    }
  });

  test("fails in the end when a client asked for what is not modelled", async () => {
    const { exitCode, error } = await serve(["--json"], async (line) => {
      const { llm } = JSON.parse(line) as Addresses;
      const body = JSON.stringify({ model: "m", messages: [{ role: "user", content: "unscripted" }] });
      expect((await fetch(`${llm.url}/v1/chat/completions`, { method: "POST", body })).status).toBe(501);
    });
    expect(exitCode).toBe(1);
    expect(error).toContain("unmodelled, 1 times");
  });

  test("writes a journal that can be read back", async () => {
    const { cwd } = await serve(["--json", "--seed", "7", "--journal", "out.jsonl"], async (line) => {
      await getVersion(JSON.parse(line) as Addresses);
    });
    const read = readJournal(readFileSync(join(cwd, "out.jsonl"), "utf8"));
    expect(read).toMatchObject({
      kind: "ok",
      header: { seed: 7 },
      events: [{ kind: "sent" }, {}, { kind: "answered" }],
    });
  });
});

describe("bad input ends it with 2 and a sentence, and nothing is begun", () => {
  test.each([
    [["--kanboard", "http"], "--kanboard http: not a whole number; use 0 to 65535"],
    [["--llm", "65536"], "--llm 65536: out of range; use 0 to 65535"],
    [["--kanboard", "4001", "--llm", "4001"], "port 4001: given twice"],
    [["--seed", "-1"], "--seed -1: out of range"],
    [["--speed", "fast"], "--speed fast: not a number"],
    [["--scenario", "gone.json"], "gone.json: does not exist"],
    [["--journal", "no/such/folder.jsonl"], "cannot be written (ENOENT)"],
    [["--scenari", "x"], "unknown option '--scenari'"],
    [["more"], "too many arguments"],
  ])("%j", async (args, message) => {
    const { exitCode, out, error } = await runCommand(["fakes", "serve", ...args], { cwd: temporaryFolder() });
    expect([exitCode, out]).toEqual([2, ""]);
    expect(error).toContain(message);
    expect(error.trimEnd().split("\n")).toHaveLength(1);
  });

  test("a scenario with a mistake", async () => {
    const cwd = temporaryFolder();
    writeFileSync(join(cwd, "s.json"), '{"board":{"projects":[{"name":""}]}}');
    const { exitCode, error } = await runCommand(["fakes", "serve", "--scenario", "s.json"], { cwd });
    expect(exitCode).toBe(2);
    expect(error).toContain("s.json: board.projects.0.name");
  });

  test("a port that is taken, with the option that named it", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    onTestFinished(() => void other.close());
    const { port } = other.address() as AddressInfo;
    const cwd = temporaryFolder();
    const args = ["fakes", "serve", "--llm", String(port), "--journal", "out.jsonl"];
    const { exitCode, error } = await runCommand(args, { cwd });
    expect(exitCode).toBe(2);
    expect(error).toBe(
      `stormlane: --llm ${port}: another process listens on it; use another port, or 0 for any free one\n`,
    );
    expect(existsSync(join(cwd, "out.jsonl"))).toBe(false);
  });
});

test("SIGTERM loses no line of what was answered", { timeout: 30_000 }, async () => {
  const journal = join(temporaryFolder(), "out.jsonl");
  const bin = fileURLToPath(new URL("../../src/cli/bin.ts", import.meta.url));
  const server = spawn(process.execPath, [bin, "fakes", "serve", "--json", "--journal", journal], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void server.kill("SIGKILL"));
  const ended = once(server, "exit");
  const [line] = await Promise.race([once(createInterface(server.stdout), "line"), ended]);
  const addresses = JSON.parse(String(line)) as Addresses;
  let answered = 0;
  const client = async (): Promise<void> => {
    for (;;) {
      await getVersion(addresses);
      if (++answered === 200) server.kill("SIGTERM");
    }
  };
  await Promise.allSettled(Array.from({ length: 20 }, client));
  expect(await ended).toEqual([0, null]);
  const read = readJournal(readFileSync(journal, "utf8"));
  const written = read.kind === "ok" ? read.events.filter((event) => event.kind === "answered").length : 0;
  expect(read).toMatchObject({ kind: "ok", cutShort: false });
  expect(written).toBeGreaterThanOrEqual(answered);
});
