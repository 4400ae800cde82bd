import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { laneTitles } from "../../src/orchestrator/decide/lanes.ts";
import { installExecutables } from "../../src/serving/executable/install.ts";
import { programNames } from "../../src/serving/executable/settings.ts";
import type { ArmedFault } from "../../src/serving/scenario-file.ts";
import { startServing, type Serving } from "../../src/serving/serving.ts";

export const boardToken = "token-of-the-board";
export const apiKey = "key-of-the-model";
export const hookToken = "token-of-the-webhook";

/** A served board with one epic in its Inbox, a model that designs, programs on a path, and a config file for `serve`. */
export class ServedBoard {
  readonly folder: string;
  readonly serving: Serving;

  private constructor(folder: string, serving: Serving) {
    this.folder = folder;
    this.serving = serving;
  }

  static async start(faults: readonly ArmedFault[] = []): Promise<ServedBoard> {
    const serving = await startServing({
      ports: { board: 0, model: 0, control: 0 },
      scenario: {
        board: { apiToken: boardToken, projects: [{ name: "shop", columns: laneTitles, cards: [epic] }] },
        model: {
          apiKey,
          rules: [{ answer: { content: `# Design\n\n${"The shop gets a login page. ".repeat(40)}\n` } }],
        },
        faults,
      },
    });
    const served = new ServedBoard(mkdtempSync(join(tmpdir(), "stormlane-serve-")), serving);
    served.writeConfig({});
    installExecutables({
      folder: served.programs,
      programs: programNames,
      scenario: null,
      seed: 1,
      speed: 0,
      journal: null,
      version: "test",
    });
    return served;
  }

  get boardUrl(): string {
    return `http://127.0.0.1:${this.serving.ports.board}/jsonrpc.php`;
  }

  get modelUrl(): string {
    return `http://127.0.0.1:${this.serving.ports.model}`;
  }

  /** The folder for PATH. */
  get programs(): string {
    return join(this.folder, "bin");
  }

  get logPath(): string {
    return join(this.folder, "serve.jsonl");
  }

  writeConfig(changes: Readonly<Record<string, unknown>>): void {
    const config = {
      board: { url: this.boardUrl, token: boardToken, userId: 1, project: "shop", timeoutMs: 1_000 },
      model: { url: this.modelUrl, apiKey, models: { planner: "planner-1" } },
      coder: { model: "coder-1" },
      projectsFolder: "projects",
      stateFolder: "state",
      pollIntervalMs: 200,
      leaseTtlMs: 3_000,
      health: { port: 0 },
      stopGraceMs: 10_000,
      spans: { file: "spans.jsonl" },
      log: { format: "json", file: "serve.jsonl" },
      limits: { diskMarginMs: 1_000, settleMs: 500 },
      ...changes,
    };
    writeFileSync(join(this.folder, "stormlane.config.json"), JSON.stringify(config));
  }

  /** What the service has said so far. */
  log(): readonly LoggedEvent[] {
    let text: string;
    try {
      text = readFileSync(this.logPath, "utf8");
    } catch {
      return [];
    }
    const whole = text.slice(0, text.lastIndexOf("\n") + 1);
    return whole.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line) as LoggedEvent]));
  }

  events(): readonly string[] {
    return this.log().map(({ event }) => event);
  }

  /** As a person does with the mouse, of the only epic. */
  async moveEpic(lane: number): Promise<void> {
    const params = { project_id: 1, task_id: 1, column_id: lane, position: 1, swimlane_id: 1 };
    const reply = await this.call("moveTaskPosition", params);
    if (reply !== true) throw new Error(`the card was not moved: ${JSON.stringify(reply)}`);
  }

  async epicTags(): Promise<readonly string[]> {
    return Object.values((await this.call("getTaskTags", { task_id: 1 })) as Record<string, string>);
  }

  async call(method: string, params: object): Promise<unknown> {
    const response = await fetch(this.boardUrl, {
      method: "POST",
      headers: { authorization: `Basic ${Buffer.from(`jsonrpc:${boardToken}`).toString("base64")}` },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
    });
    return ((await response.json()) as { readonly result: unknown }).result;
  }

  /** How many have come in so far. */
  async modelRequests(): Promise<number> {
    const journal = await (await fetch(`http://127.0.0.1:${this.serving.ports.control}/journal`)).text();
    const lines = journal.split("\n").filter((line) => line !== "");
    return lines.filter((line) => /^\{[^{]*"kind":"sent"/.test(line) && line.includes("model")).length;
  }

  async close(): Promise<void> {
    await this.serving.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export interface LoggedEvent {
  readonly event: string;
  readonly role: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

const epic = {
  title: "Log in",
  reference: "E1",
  column: laneTitles[0]!,
  metadata: { dirname: "epic-1", context_mode: "NEW" },
};
