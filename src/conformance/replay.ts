import type { Difference } from "./comparison.ts";
import type { RecordedCall, Recording } from "./recording.ts";
import { ServerFailure, type ServerUnderTest } from "./server-under-test.ts";
import { TranscriptCheck } from "./transcript-check.ts";

/** What became of one recorded call. */
export interface CallResult {
  readonly recording: string;
  readonly n: number;
  readonly method: string;
  readonly verdict: Verdict;
}

export type Verdict =
  | { readonly kind: "agrees" }
  | { readonly kind: "differs"; readonly difference: Difference; readonly request: SentRequest }
  | { readonly kind: "skipped"; readonly why: string };

export interface SentRequest {
  /** The user that asked; null for nobody. */
  readonly user: string | null;
  readonly body: string;
}

/**
 * Sends a server what another was sent, recording after recording, and judges its answers.
 *
 * @throws ServerFailure when the server cannot be asked, or not be reset
 */
export async function* replayRecordings(
  recordings: readonly Recording[],
  server: ServerUnderTest,
  apiToken: string,
): AsyncGenerator<CallResult> {
  for await (const { recording, isReady } of prepareServer(recordings, server)) {
    if (isReady) yield* replayRecording(recording, server, apiToken);
    else yield* skipped(recording, "the server is not in factory state, and nothing says how to reset it");
  }
}

/** Puts the server into factory state for each recording, as far as it can be. @throws ServerFailure */
export async function* prepareServer(
  recordings: readonly Recording[],
  server: ServerUnderTest,
): AsyncGenerator<{ readonly recording: Recording; readonly isReady: boolean }> {
  let isFresh = server.canBeReset || (await isInFactoryState(server));
  for (const recording of recordings) {
    await server.reset(recording.header.config);
    yield { recording, isReady: isFresh };
    isFresh = server.canBeReset;
  }
}

async function* replayRecording(
  recording: Recording,
  server: ServerUnderTest,
  apiToken: string,
): AsyncGenerator<CallResult> {
  const check = new TranscriptCheck(recording, { apiToken, ...(server.hasControl ? { apartSMax } : {}) });
  check.beginEpoch(nowS());
  for (const line of recording.lines) {
    if (line.type === "hook") server.behave(line.behaviour);
    // A clock that is set to the recorded times needs no waiting.
    else if (line.type === "sleep" && !server.hasControl) {
      await server.pause(line.ms);
      check.beginEpoch(nowS());
    } else if (line.type === "call") {
      if (server.hasControl) await server.setClock(Math.round(line.t * 1000));
      const { n, method } = line;
      yield { recording: recording.name, n, method, verdict: await replayCall(line, check, server) };
    }
  }
}

async function replayCall(call: RecordedCall, check: TranscriptCheck, server: ServerUnderTest): Promise<Verdict> {
  const prepared = check.prepare(call);
  if (prepared.kind === "skip") return { kind: "skipped", why: prepared.why };
  const { request } = prepared;
  const sent = { user: request.auth?.split(":", 1)[0] ?? null, body: request.body };
  try {
    const exchange = await server.exchange(request);
    const difference = check.judge(call, exchange, nowS());
    return difference === undefined ? { kind: "agrees" } : { kind: "differs", difference, request: sent };
  } catch (error) {
    if (!(error instanceof ServerFailure)) throw error;
    // One request that kills its connection is a difference; a server that is gone ends the run.
    await server.ask("getVersion");
    const difference = { where: "answer", expected: `status ${call.res.status}`, actual: error.message };
    return { kind: "differs", difference, request: sent };
  }
}

/** A fresh installation: replaying against a board in use would change it. */
async function isInFactoryState(server: ServerUnderTest): Promise<boolean> {
  const [projects, users] = [await server.ask("getAllProjects"), await server.ask("getAllUsers")];
  return hasLength(projects.result, 0) && hasLength(users.result, 1);
}

function hasLength(value: unknown, length: number): boolean {
  return Array.isArray(value) && value.length === length;
}

function* skipped(recording: Recording, why: string): Generator<CallResult> {
  for (const line of recording.lines) {
    if (line.type !== "call") continue;
    yield { recording: recording.name, n: line.n, method: line.method, verdict: { kind: "skipped", why } };
  }
}

function nowS(): number {
  return Date.now() / 1000;
}

/** A recorded call begins up to this long before its statements. */
const apartSMax = 3;
