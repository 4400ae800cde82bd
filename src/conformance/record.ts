import type { Exchange } from "./comparison.ts";
import type { RecordedCall, Recording, RecordingLine } from "./recording.ts";
import { Redaction } from "./redaction.ts";
import { prepareServer } from "./replay.ts";
import { ServerFailure, type ServerUnderTest } from "./server-under-test.ts";
import { TranscriptCheck } from "./transcript-check.ts";

export interface NewRecording {
  readonly recording: Recording;
  /** Calls of the old recording that could not be sent, and why. */
  readonly skipped: readonly { readonly n: number; readonly method: string; readonly why: string }[];
}

/**
 * Sends a server the requests of recordings, and records what it makes of them, without secrets. Yields nothing for a
 * recording that the server is not ready for.
 *
 * @param kanboard the server's version
 * @throws ServerFailure
 */
export async function* recordAgain(
  recordings: readonly Recording[],
  server: ServerUnderTest,
  { apiToken, kanboard }: { readonly apiToken: string; readonly kanboard: string },
): AsyncGenerator<NewRecording> {
  for await (const { recording, isReady } of prepareServer(recordings, server)) {
    if (!isReady) continue;
    const recorder = new Recorder(recording, server, apiToken);
    await recorder.run();
    yield recorder.result(kanboard);
  }
}

class Recorder {
  private readonly old: Recording;
  private readonly server: ServerUnderTest;
  private readonly check: TranscriptCheck;
  private readonly redaction: Redaction;
  private readonly lines: RecordingLine[] = [];
  private readonly skipped: NewRecording["skipped"][number][] = [];
  private readonly epochs: [number, number][] = [];
  private webhooks = 0;

  constructor(old: Recording, server: ServerUnderTest, apiToken: string) {
    this.old = old;
    this.server = server;
    this.check = new TranscriptCheck(old, { apiToken });
    this.redaction = new Redaction(apiToken);
  }

  async run(): Promise<void> {
    // The server's clock is to be that of the recording.
    if (this.server.hasControl) await this.server.setClock(Date.now());
    this.beginEpoch();
    for (const line of this.old.lines) {
      if (line.type === "call") {
        await this.call(line);
        continue;
      }
      if (line.type === "hook") this.server.behave(line.behaviour);
      if (line.type === "sleep") {
        await this.server.pause(line.ms);
        this.beginEpoch();
      }
      this.lines.push(line);
    }
  }

  result(kanboard: string): NewRecording {
    const { header, name } = this.old;
    const recording: Recording = {
      name,
      header: {
        ...header,
        kanboard,
        recorded_at: new Date(this.epochs[0]![0] * 1000).toISOString(),
        config: { ...header.config, api_token: this.redaction.apiTokenPlaceholder },
        epochs: this.epochs,
        calls: this.lines.filter(({ type }) => type === "call").length,
        webhooks: this.webhooks,
      },
      lines: this.lines,
    };
    return { recording, skipped: this.skipped };
  }

  private beginEpoch(): void {
    const nowS = Date.now() / 1000;
    this.epochs.push([nowS, nowS]);
    this.check.beginEpoch(nowS);
  }

  private async call(call: RecordedCall): Promise<void> {
    const { n, method } = call;
    const prepared = this.check.prepare(call);
    if (prepared.kind === "skip") {
      this.skipped.push({ n, method, why: prepared.why });
      return;
    }
    const startedS = Date.now() / 1000;
    try {
      const exchange = await this.server.exchange(prepared.request);
      const endedS = Date.now() / 1000;
      this.epochs.at(-1)![1] = endedS;
      // The ids that it gave are needed by later calls; whether it agrees is for a comparison of the files.
      this.check.judge(call, exchange, endedS);
      this.webhooks += exchange.hooks?.length ?? 0;
      this.lines.push(this.redaction.ofCall(recordedCall({ ...call, req: prepared.request }, exchange, startedS)));
    } catch (error) {
      if (!(error instanceof ServerFailure)) throw error;
      await this.server.ask("getVersion");
      this.skipped.push({ n, method, why: error.message });
    }
  }
}

function recordedCall(call: RecordedCall, exchange: Exchange, startedS: number): RecordedCall {
  const { status, headers, body, hooks = [], durationMs = 0 } = exchange;
  const kept = keptHeaders.flatMap((name) => (headers[name] === undefined ? [] : [[name, headers[name]] as const]));
  return { ...call, t: startedS, ms: durationMs, res: { status, headers: Object.fromEntries(kept), body }, hooks };
}

const keptHeaders = ["content-type", "www-authenticate", "location"];
