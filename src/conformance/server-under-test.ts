import { spawn } from "node:child_process";
import { once } from "node:events";
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { text } from "node:stream/consumers";
import { setTimeout as pause } from "node:timers/promises";
import type { Exchange } from "./comparison.ts";
import type { HookBehaviour, RecordedRequest, ServerConfig } from "./recording.ts";
import { plainHeaders, WebhookReceiver } from "./webhook-receiver.ts";

export interface ServerOptions {
  /** Of its `jsonrpc.php`. */
  readonly url: URL;
  readonly apiToken: string;
  /** How it is put into factory state. */
  readonly reset: ResetWay;
  /** Where webhooks go; 0 = any free port. */
  readonly webhookPort: number;
}

export type ResetWay =
  /** The control endpoint of served fakes. */
  | { readonly kind: "control"; readonly url: URL }
  /** A command of the user's for `/bin/sh`. */
  | { readonly kind: "command"; readonly command: string }
  /** It cannot be, and webhooks go where they go. `webhooks`: to the receiver, as somebody has set it up. */
  | { readonly kind: "none"; readonly webhooks: boolean };

/** The server could not be asked, or not be reset. */
export class ServerFailure extends Error {
  override readonly name = "ServerFailure";
}

/** A Kanboard somewhere: ours or a real one. */
export class ServerUnderTest {
  private readonly options: ServerOptions;
  private readonly receiver: WebhookReceiver;
  private readonly agent: HttpAgent;

  private constructor(options: ServerOptions, receiver: WebhookReceiver) {
    this.options = options;
    this.receiver = receiver;
    const isSecure = options.url.protocol === "https:";
    this.agent = isSecure ? new HttpsAgent({ keepAlive: true }) : new HttpAgent({ keepAlive: true });
  }

  static async open(options: ServerOptions): Promise<ServerUnderTest> {
    return new ServerUnderTest(options, await WebhookReceiver.listen(options.webhookPort));
  }

  get canBeReset(): boolean {
    return this.options.reset.kind !== "none";
  }

  /** Whether its clock can be set, and with it what it takes for now. */
  get hasControl(): boolean {
    return this.options.reset.kind === "control";
  }

  /** The factory state, with these settings but its own API token; nothing where it cannot be reset. @throws ServerFailure */
  async reset(config: ServerConfig): Promise<void> {
    const { reset, apiToken } = this.options;
    this.receiver.behaviour = { mode: "ok" };
    const { webhook_path: path, webhook_token: token, http_timeout: timeLimitS } = config;
    const url = path === null ? null : `http://127.0.0.1:${this.receiver.port}${path}`;
    if (reset.kind === "control") {
      const webhook = url === null ? null : { url, token, timeLimitMs: timeLimitS * 1000 };
      await this.control("/reset", { state: "factory", board: { apiToken, webhook } });
    } else if (reset.kind === "command") {
      await runCommand(reset.command, {
        STORMLANE_API_TOKEN: apiToken,
        STORMLANE_WEBHOOK_URL: url ?? "",
        STORMLANE_WEBHOOK_TOKEN: token,
        STORMLANE_HTTP_TIMEOUT: String(timeLimitS),
      });
    }
  }

  /** @throws ServerFailure */
  async setClock(nowMs: number): Promise<void> {
    await this.control("/clock", { nowMs });
  }

  behave(behaviour: HookBehaviour): void {
    this.receiver.behaviour = behaviour;
  }

  pause(durationMs: number): Promise<void> {
    return pause(durationMs);
  }

  /** Sends a request and takes in all that comes of it. @throws ServerFailure when there is no answer */
  async exchange(request: RecordedRequest): Promise<Exchange> {
    this.receiver.beginCall();
    const startedMs = performance.now();
    const answer = await this.send(request);
    const durationMs = Math.round((performance.now() - startedMs) * 10) / 10;
    const { reset } = this.options;
    const seesHooks = reset.kind !== "none" || reset.webhooks;
    return { ...answer, durationMs, ...(seesHooks ? { hooks: this.receiver.hooks } : {}) };
  }

  /** Calls a procedure as the application. @throws ServerFailure */
  async ask(method: string): Promise<{ readonly status: number; readonly result: unknown }> {
    const { status, body } = await this.send({
      method: "POST",
      path: "/jsonrpc.php",
      headers: { "Content-Type": "application/json" },
      auth: `jsonrpc:${this.options.apiToken}`,
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method }),
    });
    try {
      return { status, result: (JSON.parse(body) as { readonly result?: unknown }).result };
    } catch {
      return { status, result: undefined };
    }
  }

  close(): void {
    this.agent.destroy();
    this.receiver.close();
  }

  /** With `node:http`, since `fetch` sends no body with GET. */
  private async send({ method, path, headers, auth, body }: RecordedRequest): Promise<Omit<Exchange, "hooks">> {
    const { url } = this.options;
    const { search } = new URL(path, "http://any.test");
    const send = url.protocol === "https:" ? httpsRequest : httpRequest;
    try {
      const request = send({
        agent: this.agent,
        host: url.hostname.replace(/^\[|\]$/g, ""),
        port: url.port,
        method,
        path: url.pathname + search,
        headers: { ...headers, "content-length": Buffer.byteLength(body) },
        ...(auth === null ? {} : { auth }),
        signal: AbortSignal.timeout(answerMsMax),
      });
      request.end(body);
      const [response] = (await once(request, "response")) as [IncomingMessage];
      return { status: response.statusCode ?? 0, headers: plainHeaders(response), body: await text(response) };
    } catch (error) {
      throw new ServerFailure(`${url.href} does not answer (${codeOf(error)})`);
    }
  }

  private async control(path: string, body: object): Promise<void> {
    const { reset } = this.options;
    if (reset.kind !== "control") return;
    const url = new URL(path, reset.url);
    let response: Response;
    try {
      response = await fetch(url, { method: "POST", body: JSON.stringify(body) });
    } catch (error) {
      throw new ServerFailure(`${url.href} does not answer (${codeOf((error as Error).cause ?? error)})`);
    }
    if (!response.ok) throw new ServerFailure(`${url.href} answers ${response.status}: ${await response.text()}`);
  }
}

async function runCommand(command: string, env: Readonly<Record<string, string>>): Promise<void> {
  const child = spawn("/bin/sh", ["-c", command], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const [said, [code, signal]] = await Promise.all([
    text(child.stderr),
    once(child, "close") as Promise<[number | null, string | null]>,
  ]);
  if (code !== 0) throw new ServerFailure(`the reset command ended with ${code ?? signal}: ${said.trim().slice(-500)}`);
}

function codeOf(error: unknown): string {
  const { code, name } = error as NodeJS.ErrnoException;
  return code ?? name;
}

const answerMsMax = 120_000;
