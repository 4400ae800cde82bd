import { writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { once } from "node:events";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { boardToken, boardUrl, laneTitles, projectName, webhookToken } from "../../scenarios/board-world/settings.ts";
import type { Workload } from "../../scenarios/board-world/workload.ts";
import type { Ports } from "../../src/ports/ports.ts";
import { realPorts } from "../../src/real/real-ports.ts";
import { installExecutables } from "../../src/serving/executable/install.ts";
import { startServing, type Serving } from "../../src/serving/serving.ts";
import type { LiveFolders } from "./held.ts";
import { modelScript } from "./epic.ts";
import { endProcesses } from "./left-programs.ts";
import { ServiceProcess } from "./service-process.ts";

/** The services, the programs and the processes of one run, in one folder. */
export class LiveSystem implements LiveFolders {
  readonly folder: string;
  readonly serving: Serving;
  readonly processes: readonly ServiceProcess[];

  private constructor(folder: string, serving: Serving) {
    this.folder = folder;
    this.serving = serving;
    const path = `${join(folder, "bin")}:${process.env["PATH"] ?? ""}`;
    this.processes = processNames.map((name) => new ServiceProcess({ name, folder, path }));
  }

  /** @param folder absolute, without links on the way; new and empty */
  static async start(folder: string, workload: Workload): Promise<LiveSystem> {
    installExecutables({
      folder: join(folder, "bin"),
      programs: ["codex", "pytest"],
      scenario: { path: fileURLToPath(new URL("programs.ts", import.meta.url)), checkedText: null },
      seed: 1,
      speed: 1,
      journal: null,
      version: "live",
    });
    const webhookPort = await freePort();
    const serving = await startServing({
      ports: { board: 0, model: 0, control: 0 },
      scenario: {
        board: {
          apiToken: boardToken,
          webhook: { url: `http://127.0.0.1:${webhookPort}/webhook`, token: webhookToken, timeLimitMs: 1_000 },
          projects: [{ name: projectName, columns: laneTitles }],
        },
        model: { apiKey: modelKey, script: modelScript(workload) },
      },
    });
    const system = new LiveSystem(folder, serving);
    for (const name of processNames) system.writeConfig(name, workload, webhookPort);
    return system;
  }

  get projectsFolder(): string {
    return join(this.folder, "projects");
  }

  get stateFolder(): string {
    return join(this.folder, "state");
  }

  /** The ports of people: real, with the board's address put in place of the one that scenarios know. */
  peoplesPorts(): Ports {
    const ports = realPorts({ log: () => {} });
    const served = `http://127.0.0.1:${this.serving.ports.board}`;
    return {
      ...ports,
      fork: (name) => ports.fork(name),
      http: {
        request: (request) => ports.http.request({ ...request, url: request.url.replace(boardUrl, served) }),
        listen: (options, handler) => ports.http.listen(options, handler),
      },
    };
  }

  /** Whatever happened, nothing is left running. */
  async close(): Promise<void> {
    for (const each of this.processes) await each.kill();
    await endProcesses(this.folder);
    await this.serving.close();
  }

  private writeConfig(name: string, workload: Workload, webhookPort: number): void {
    const { board, model } = this.serving.ports;
    const config = {
      board: {
        url: `http://127.0.0.1:${board}/jsonrpc.php`,
        token: boardToken,
        userId: 1,
        project: projectName,
        timeoutMs: 1_500,
      },
      model: {
        url: `http://127.0.0.1:${model}`,
        apiKey: modelKey,
        models: { planner: "planner-1" },
        traceHeaders: true,
        timeoutMs: 10_000,
      },
      coder: { model: "coder-1" },
      projectsFolder: "projects",
      stateFolder: "state",
      pollIntervalMs: workload.pollIntervalMs,
      leaseTtlMs: 3_000,
      committer: { name: "Stormlane", email: "stormlane@example.test" },
      pollers: name === webhooks ? 0 : 1,
      webhook: name === webhooks ? { port: webhookPort, token: webhookToken } : "off",
      health: "off",
      stopGraceMs: 20_000,
      log: { format: "json", file: `${name}.log` },
      spans: { file: `${name}.spans` },
      // A kill costs an attempt: how many a card may have is not what this is about.
      limits: { diskMarginMs: 1_000, settleMs: 1_500, tidyIntervalMs: 2_000, attemptsPerCauseMax: 100 },
    };
    writeFileSync(join(this.folder, `${name}.json`), JSON.stringify(config, undefined, 2));
  }
}

const webhooks = "webhooks";
const processNames: readonly string[] = [webhooks, "poller-a", "poller-b"];
const modelKey = "model-key-of-all";

/** One that the system gives out now; the board must know it before anybody listens there. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("the system gave out no port");
  return address.port;
}
