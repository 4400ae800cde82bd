import type { FaultSpec, Seam } from "../faults/fault.ts";
import type { FaultSettings } from "../sim/scenario.ts";
import type { AnswerEvent, DeliveryEvent, IncidentEvent, OperationEvent, Trouble } from "./incident-event.ts";
import type { Anchor, LoggedFault, ShownKinds } from "./logged-fault.ts";
import { isWord, NoteIndex, type Note } from "./note-index.ts";
import type { Timeline } from "./timeline.ts";

type Event<Kind extends IncidentEvent["kind"]> = Extract<IncidentEvent, { readonly kind: Kind }>;

/** The faults that the logs show, by time, one for each that happened. */
export function findLoggedFaults({ events }: Timeline, settings: FaultSettings): readonly LoggedFault[] {
  const notes = new NoteIndex(events.filter((event) => event.kind === "note"));
  const operations = events.filter((event) => event.kind === "operation");
  const troubles = notes.notes.filter(({ trouble, process }) => {
    if (trouble === undefined) return false;
    // Where each operation was written down, what is said of it later is the same again.
    return !operations.some((each) => each.process === process && sideOf(each) === trouble.with);
  });
  const said = troubles.map((note) => ofNote(note, wordBefore(note, notes), settings));
  const faults = [
    ...said,
    ...operations.map((operation) => ofOperation(operation, settings)),
    ...events
      .filter((event) => event.kind === "request")
      .flatMap((event) => ofRequest(event, troubles, notes, settings)),
    ...events.filter((event) => event.kind === "answer").flatMap((event) => ofAnswer(event, troubles, notes, settings)),
    ...crashesOf(notes, settings),
    ...ofDeliveries(events),
  ];
  return faults
    .filter(({ specs }) => specs.length > 0)
    .toSorted((left, right) => left.evidence.atMs - right.evidence.atMs);
}

export function shownKinds({ events }: Timeline): ShownKinds {
  const has = (test: (event: IncidentEvent) => boolean): boolean => events.some(test);
  return {
    crashes: has((event) => event.kind === "note" && event.name === "process.started"),
    webhooks: has(({ kind }) => kind === "delivery") && has(({ kind }) => kind === "card"),
    answers: has(({ kind }) => kind === "answer"),
    operations: has(({ kind }) => kind === "operation"),
  };
}

function ofNote(note: Note, after: Anchor | undefined, settings: FaultSettings): LoggedFault {
  const trouble = note.trouble!;
  return {
    words: wordsOf(trouble),
    evidence: note,
    specs: specsOf(trouble, settings),
    seams: seamsOf(trouble),
    operation: undefined,
    passedMax: after === undefined || trouble.what === "full" ? 40 : 12,
    after,
  };
}

function ofOperation(operation: Event<"operation">, settings: FaultSettings): LoggedFault {
  const side = sideOf(operation);
  const what = operation.outcome === "unknown" ? "no-answer" : side === "program" ? "failed" : "refused";
  const specs = specsOf({ with: side, what }, settings);
  return {
    words: `${operation.name}(${operation.key}) ended ${operation.outcome === "unknown" ? "without an answer" : "in failure"}`,
    evidence: operation,
    specs:
      operation.outcome === "unknown" ? [...specs, ...specsOf({ with: side, what: "broken-off" }, settings)] : specs,
    seams: seamsOf({ with: side, what }),
    operation: operation.key.includes("key-") ? { name: operation.name, key: "" } : operation,
    passedMax: 0,
    after: undefined,
  };
}

function sideOf({ name }: Pick<OperationEvent, "name">): Trouble["with"] {
  if (name.startsWith("board.")) return "board";
  if (name.startsWith("model.")) return "model";
  return name.startsWith("disk.") ? "disk" : "program";
}

/** A server's error that the orchestrator did not tell of itself. */
function ofRequest(
  request: Event<"request">,
  troubles: readonly Note[],
  notes: NoteIndex,
  settings: FaultSettings,
): readonly LoggedFault[] {
  const side = sidesByPath[request.path as keyof typeof sidesByPath];
  const isError = request.status >= 500 || request.status === 429 || request.status === 401 || request.status === 403;
  if (side === undefined || !isError || isTold(request, side, troubles)) return [];
  const after = wordUntil(request.atMs, notes);
  return [
    ofNote({ ...placeOf(request), trouble: { with: side, what: "status", status: request.status } }, after, settings),
  ];
}

const sidesByPath = { "/jsonrpc.php": "board", "/v1": "model" } as const;

function ofAnswer(
  answer: Event<"answer">,
  troubles: readonly Note[],
  notes: NoteIndex,
  settings: FaultSettings,
): readonly LoggedFault[] {
  if (answer.error === "" && answer.status < 400) return [];
  if (isTold(answer, "model", troubles)) return [];
  const trouble = answerTrouble(answer);
  const fault = ofNote({ ...placeOf(answer), trouble }, wordUntil(answer.atMs, notes), settings);
  const { retryAfterS } = answer;
  if (retryAfterS === 0 || trouble.status === undefined) return [fault];
  const spec: FaultSpec = { kind: "answered-with", status: trouble.status, effect: "none", retryAfterS };
  return [{ ...fault, specs: [spec] }];
}

function answerTrouble({ status, error }: AnswerEvent): Trouble {
  if (status >= 400) return { with: "model", what: "status", status };
  return {
    with: "model",
    what: /reset|broken|pipe/i.test(error) ? "broken-off" : /refused/i.test(error) ? "refused" : "no-answer",
  };
}

function placeOf(event: IncidentEvent): Note {
  const { source, line, atMs } = event;
  return { source, line, atMs, kind: "note", process: "", name: "", fields: {}, trouble: undefined };
}

/** Time limits and repetitions lie between an answer and what is said of it. */
const toldWithinMs = 15_000;

function isTold(event: Event<"request"> | Event<"answer">, side: Trouble["with"], troubles: readonly Note[]): boolean {
  return troubles.some(
    ({ trouble, atMs }) => trouble!.with === side && atMs >= event.atMs - 1_000 && atMs - event.atMs <= toldWithinMs,
  );
}

/** Lives that ended without a word, and leases that were taken over from somebody who no longer was there. */
function crashesOf(notes: NoteIndex, settings: FaultSettings): readonly LoggedFault[] {
  const starts = notes.notes.filter(({ name }) => name === "process.started");
  const faults = starts.flatMap((started) => {
    const life = lifeBefore(started, notes);
    if (life.length === 0 || life.some(({ name }) => name === "process.stopped")) return [];
    const kinds = isHostWide(started, starts) ? (["kill", "host-crash"] as const) : (["kill"] as const);
    return lastOfRoles(life).map((last) => crash(last, started, { after: notes.anchorOf(last), kinds, settings }));
  });
  return faults.length > 0 ? faults : takenOver(notes, settings);
}

/** Whether all processes began again about then: their host may have lost its power, and with it what was not synced. */
function isHostWide({ atMs, source }: Note, starts: readonly Note[]): boolean {
  const together = starts.filter((each) => Math.abs(each.atMs - atMs) <= hostRestartMs);
  const restarted = new Set(together.map((each) => each.source));
  return starts.every((each) => each.source === source || restarted.has(each.source));
}

const hostRestartMs = 15_000;

/** What a process said between its start before this one and this one; nothing when this is its first. */
function lifeBefore(started: Note, notes: NoteIndex): readonly Note[] {
  const life: Note[] = [];
  const isFirst =
    notes.lastBefore(started, (note) => {
      if (!isSameProcess(note, started)) return false;
      if (note.name !== "process.started") life.push(note);
      return note.name === "process.started";
    }) === undefined;
  return isFirst && !life.some(isWord) ? [] : life.toReversed();
}

function isSameProcess(earlier: Note, started: Note): boolean {
  // What `serve` says of itself is about all of its roles.
  const isWhole = started.process === "serve" || started.process === "";
  return earlier.source === started.source && (isWhole || earlier.process === started.process);
}

/** The last word of each role that was in the middle of something. */
function lastOfRoles(life: readonly Note[]): readonly Note[] {
  const last = new Map<string, Note>();
  for (const note of life) if (isWord(note)) last.set(note.process, note);
  return [...last.values()].filter(({ name }) => name !== "lease.released");
}

function takenOver(notes: NoteIndex, settings: FaultSettings): readonly LoggedFault[] {
  return notes.notes.flatMap((note) => {
    if (note.name !== "lease.acquired" || note.fields["takeover"] !== true) return [];
    const { scope } = note.fields;
    const holder = notes.lastBefore(note, ({ fields, name }) => name === "run.started" && fields["scope"] === scope);
    if (holder === undefined) return [];
    const isHolder = (each: Note): boolean => each.process === holder.process && each.source === holder.source;
    const last = notes.lastBefore(note, isHolder)!;
    const fault = crash(last, note, { after: notes.anchorOf(last), kinds: ["kill"], settings });
    return [
      {
        ...fault,
        // Who only stood still for longer than its lease looks the same to others.
        words: "a lease was taken over from a process that was gone or stood still",
        specs: [...fault.specs, { kind: "pause", durationMs: 90_000 }],
      },
    ];
  });
}

interface CrashOptions {
  readonly after: Anchor;
  readonly kinds: readonly ("kill" | "host-crash")[];
  readonly settings: FaultSettings;
}

function crash(last: Note, next: Note, { after, kinds, settings }: CrashOptions): LoggedFault {
  const restartAfterMs = Math.max(0, Math.min(next.atMs - last.atMs, settings.restartAfterMsMax));
  const moments = ["before", "during", "after"] as const;
  return {
    words: `${last.process === "" ? "a process" : last.process} ended without a word after ${last.name}`,
    evidence: next,
    specs: kinds.flatMap((kind) => moments.map((when): FaultSpec => ({ kind, when, restartAfterMs }))),
    seams: [],
    operation: undefined,
    passedMax: 80,
    after,
  };
}

/** Webhooks that came twice, late, or not at all. */
function ofDeliveries(events: readonly IncidentEvent[]): readonly LoggedFault[] {
  const deliveries = events.filter((event) => event.kind === "delivery");
  const cards = events.filter((event) => event.kind === "card" && event.moment !== undefined && event.moment !== "");
  const [first, last] = [deliveries[0], deliveries.at(-1)];
  if (first === undefined || last === undefined) return [];
  const faults: LoggedFault[] = [];
  const arrived = new Map<string, Event<"delivery">>();
  const changed = new Map(cards.map((card) => [card.moment, card]));
  for (const delivery of deliveries) {
    const { moment = "" } = delivery;
    const earlier = moment === "" ? undefined : arrived.get(`${delivery.source} ${moment}`);
    if (earlier !== undefined) {
      const afterMs = delivery.atMs - earlier.atMs;
      faults.push(webhookFault(delivery, deliveries, "came twice", { kind: "request-duplicated", afterMs }));
      continue;
    }
    if (moment !== "") arrived.set(`${delivery.source} ${moment}`, delivery);
    const change = changed.get(moment);
    const delayMs = change === undefined ? 0 : delivery.atMs - change.atMs;
    if (delayMs >= lateMs)
      faults.push(webhookFault(delivery, deliveries, "came late", { kind: "request-delayed", delayMs }));
  }
  const moments = new Set(deliveries.map(({ moment }) => moment));
  for (const card of cards) {
    if (card.kind !== "card" || card.atMs < first.atMs - lateMs || card.atMs > last.atMs) continue;
    if (moments.has(card.moment)) continue;
    const event = card.what === "created" ? "task.create" : "task.move.column";
    const missing = { ...placeOf(card), kind: "delivery", event, reference: card.reference } as const;
    faults.push(webhookFault(missing, deliveries, "never came", { kind: "request-lost" }));
  }
  return faults;
}

/** The board's times are whole seconds. */
const lateMs = 2_500;

function webhookFault(
  delivery: Pick<DeliveryEvent, "event" | "reference"> & Pick<Event<"delivery">, "source" | "line" | "atMs">,
  deliveries: readonly Event<"delivery">[],
  what: string,
  spec: FaultSpec,
): LoggedFault {
  const moments = new Set(
    deliveries
      .filter(
        ({ event, reference, atMs }) =>
          event === delivery.event && reference === delivery.reference && atMs < delivery.atMs,
      )
      .map(({ moment }) => moment),
  );
  return {
    words: `the webhook ${delivery.event} of ${delivery.reference} ${what}`,
    evidence: delivery,
    specs: [spec],
    seams: ["webhook"],
    operation: { name: `webhook.${delivery.event}`, key: delivery.reference },
    passedMax: Math.max(0, what === "came twice" ? moments.size - 1 : moments.size),
    after: undefined,
  };
}

/** What the process that tells of a trouble had said before. */
function wordBefore(note: Note, notes: NoteIndex): Anchor | undefined {
  const { source, process, trouble } = note;
  const isOwn = (each: Note): boolean => isWord(each) && each.source === source && each.process === process;
  // A disk that is full was so before somebody said it: anything of that run may have met it first.
  const begun =
    trouble?.what === "full" ? notes.lastBefore(note, (each) => isOwn(each) && each.name === "run.started") : undefined;
  const word = begun ?? notes.lastBefore(note, isOwn);
  return word === undefined ? undefined : notes.anchorOf(word);
}

/** What anybody had said last, where nobody tells whose trouble it was. */
function wordUntil(atMs: number, notes: NoteIndex): Anchor | undefined {
  const word = notes.lastWordUntil(atMs);
  return word === undefined ? undefined : notes.anchorOf(word);
}

function wordsOf({ with: side, what, status }: Trouble): string {
  const who = { board: "the board", model: "the model", disk: "the disk", program: "a program" }[side];
  switch (what) {
    case "no-answer":
      return `${who} did not answer`;
    case "broken-off":
      return `an answer of ${who} broke off`;
    case "refused":
      return `${who} could not be reached`;
    case "status":
      return `${who} answered ${status ?? 500}`;
    case "locked":
      return `the database of ${who} was locked`;
    case "full":
      return `${who} was full`;
    case "failed":
      return `${who} failed`;
  }
}

function seamsOf({ with: side }: Trouble): readonly Seam[] {
  const seams = { board: ["board"], model: ["model"], disk: ["disk-write", "disk-read"], program: ["spawn"] } as const;
  return seams[side];
}

function specsOf({ with: side, what, status = 500 }: Trouble, settings: FaultSettings): readonly FaultSpec[] {
  if (side === "program") {
    const behaviours = (settings.programBehaviours ?? []).map((behaviour): FaultSpec => ({
      kind: "program-misbehaves",
      behaviour,
    }));
    return [{ kind: "spawn-fails", code: "EAGAIN" }, ...behaviours];
  }
  if (side === "disk") {
    return what === "full"
      ? [
          { kind: "disk-full", durationMs: settings.outagesMs?.[0] ?? 20_000 },
          { kind: "disk-fails", code: "ENOSPC" },
        ]
      : [{ kind: "disk-fails", code: "EIO" }];
  }
  switch (what) {
    case "no-answer":
      return [
        { kind: "request-lost" },
        { kind: "answer-lost" },
        { kind: "request-delayed", delayMs: 12_000 },
        { kind: "partition", durationMs: settings.outagesMs?.[0] ?? 20_000, direction: "answers" },
      ];
    case "broken-off":
      return [{ kind: "answer-reset" }, { kind: "answer-truncated", keepPermille: 500 }];
    case "refused":
      return [{ kind: "refused" }];
    case "status":
      return status === 401 && (settings.serviceFaults?.["board"] ?? []).includes("unauthorized") && side === "board"
        ? [{ kind: "service-fault", name: "unauthorized" }]
        : [
            { kind: "answered-with", status, effect: "none" },
            ...(status >= 500 ? [{ kind: "answered-with", status, effect: "done" } as const] : []),
          ];
    case "locked":
      return [
        { kind: "service-fault", name: "database-locked" },
        { kind: "service-fault", name: "database-locked-after-effect" },
      ];
    case "full":
    case "failed":
      return [];
  }
}
