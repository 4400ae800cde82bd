import { canonicalJson, type JsonObject, type JsonValue } from "../base/json.ts";
import type { FaultSpec, Seam } from "../faults/fault.ts";
import type { FaultSettings } from "../sim/scenario.ts";
import type {
  AnswerEvent,
  DeliveryEvent,
  IncidentEvent,
  NoteEvent,
  OperationEvent,
  Trouble,
} from "./incident-event.ts";
import type { Anchor, LoggedFault, ShownKinds } from "./logged-fault.ts";
import type { Timeline } from "./timeline.ts";

type Event<Kind extends IncidentEvent["kind"]> = Extract<IncidentEvent, { readonly kind: Kind }>;

/** The faults that the logs show, by time, one for each that happened. */
export function findLoggedFaults({ events }: Timeline, settings: FaultSettings): readonly LoggedFault[] {
  const notes = events.filter((event) => event.kind === "note");
  const operations = events.filter((event) => event.kind === "operation");
  const troubles = notes.filter(({ trouble, process }) => {
    if (trouble === undefined) return false;
    // Where each operation was written down, what is said of it later is the same again.
    return !operations.some((each) => each.process === process && sideOf(each) === trouble.with);
  });
  const said = troubles.map((note) => ofNote(note, anchorBefore(note, notes), settings));
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

function ofNote(note: Event<"note">, after: Anchor | undefined, settings: FaultSettings): LoggedFault {
  const trouble = note.trouble!;
  return {
    words: wordsOf(trouble),
    evidence: note,
    specs: specsOf(trouble, settings),
    seams: seamsOf(trouble),
    operation: undefined,
    passedMax: after === undefined ? 40 : 12,
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
  troubles: readonly Event<"note">[],
  notes: readonly Event<"note">[],
  settings: FaultSettings,
): readonly LoggedFault[] {
  const side = sidesByPath[request.path as keyof typeof sidesByPath];
  const isError = request.status >= 500 || request.status === 429 || request.status === 401 || request.status === 403;
  if (side === undefined || !isError || isTold(request, side, troubles)) return [];
  const after = anchorBefore(request, notes);
  return [
    ofNote({ ...placeOf(request), trouble: { with: side, what: "status", status: request.status } }, after, settings),
  ];
}

const sidesByPath = { "/jsonrpc.php": "board", "/v1": "model" } as const;

function ofAnswer(
  answer: Event<"answer">,
  troubles: readonly Event<"note">[],
  notes: readonly Event<"note">[],
  settings: FaultSettings,
): readonly LoggedFault[] {
  if (answer.error === "" && answer.status < 400) return [];
  if (isTold(answer, "model", troubles)) return [];
  const trouble = answerTrouble(answer);
  const fault = ofNote({ ...placeOf(answer), trouble }, anchorBefore(answer, notes), settings);
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

function placeOf(event: IncidentEvent): Event<"note"> {
  const { source, line, atMs } = event;
  return { source, line, atMs, kind: "note", process: "", name: "", fields: {}, trouble: undefined };
}

/** Time limits and repetitions lie between an answer and what is said of it. */
const toldWithinMs = 15_000;

function isTold(
  event: Event<"request"> | Event<"answer">,
  side: Trouble["with"],
  troubles: readonly Event<"note">[],
): boolean {
  return troubles.some(
    ({ trouble, atMs }) => trouble!.with === side && atMs >= event.atMs - 1_000 && atMs - event.atMs <= toldWithinMs,
  );
}

/** Lives that ended without a word, and leases that were taken over from somebody who no longer was there. */
function crashesOf(notes: readonly Event<"note">[], settings: FaultSettings): readonly LoggedFault[] {
  const faults: LoggedFault[] = [];
  for (const [index, note] of notes.entries()) {
    if (note.name !== "process.started") continue;
    const before = notes.slice(0, index).filter((each) => isSameProcess(each, note));
    const life = before.slice(before.findLastIndex(({ name }) => name === "process.started"));
    if (life.length === 0 || life.some(({ name }) => name === "process.stopped")) continue;
    for (const last of lastOfRoles(life)) faults.push(crash(last, note, anchorOf(last, notes), settings));
  }
  return faults.length > 0 ? faults : takenOver(notes, settings);
}

function isSameProcess(left: Event<"note">, right: Event<"note">): boolean {
  // What `serve` says of itself is about all of its roles.
  return (
    left.source === right.source &&
    (right.process === "serve" || left.process === right.process || right.process === "")
  );
}

/** The last word of each role that was in the middle of something. */
function lastOfRoles(life: readonly Event<"note">[]): readonly Event<"note">[] {
  const last = new Map<string, Event<"note">>();
  for (const note of life) {
    if (note.name !== "process.started" && note.process !== "serve" && note.name !== "") last.set(note.process, note);
  }
  return [...last.values()].filter(({ name }) => name !== "lease.released");
}

function takenOver(notes: readonly Event<"note">[], settings: FaultSettings): readonly LoggedFault[] {
  return notes.flatMap((note, index) => {
    if (note.name !== "lease.acquired" || note.fields["takeover"] !== true) return [];
    const holder = notes
      .slice(0, index)
      .findLast(({ fields, name }) => name === "run.started" && fields["scope"] === note.fields["scope"]);
    if (holder === undefined) return [];
    const last = notes
      .slice(0, index)
      .findLast((each) => each.process === holder.process && each.source === holder.source)!;
    const fault = crash(last, note, anchorOf(last, notes), settings);
    // Who only stood still for longer than its lease looks the same to others.
    return [
      {
        ...fault,
        words: "a lease was taken over from a process that was gone or stood still",
        specs: [...fault.specs, { kind: "pause", durationMs: 90_000 }],
      },
    ];
  });
}

function crash(last: Event<"note">, next: Event<"note">, after: Anchor, settings: FaultSettings): LoggedFault {
  const restartAfterMs = Math.max(0, Math.min(next.atMs - last.atMs, settings.restartAfterMsMax));
  return {
    words: `${last.process === "" ? "a process" : last.process} ended without a word after ${last.name}`,
    evidence: next,
    specs: (["before", "during", "after"] as const).map((when) => ({ kind: "kill", when, restartAfterMs })),
    seams: [],
    operation: undefined,
    passedMax: 24,
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
  for (const [index, delivery] of deliveries.entries()) {
    const { moment = "" } = delivery;
    const earlier = deliveries
      .slice(0, index)
      .find((each) => moment !== "" && each.moment === moment && each.source === delivery.source);
    if (earlier !== undefined) {
      const afterMs = delivery.atMs - earlier.atMs;
      faults.push(webhookFault(delivery, deliveries, "came twice", { kind: "request-duplicated", afterMs }));
      continue;
    }
    const change = cards.find((card) => card.moment === moment);
    const delayMs = change === undefined ? 0 : delivery.atMs - change.atMs;
    if (delayMs >= lateMs)
      faults.push(webhookFault(delivery, deliveries, "came late", { kind: "request-delayed", delayMs }));
  }
  for (const card of cards) {
    if (card.kind !== "card" || card.atMs < first.atMs - lateMs || card.atMs > last.atMs) continue;
    if (deliveries.some(({ moment }) => moment === card.moment)) continue;
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

/** What the process that tells of a trouble had said last; of others, what anybody had said last. */
function anchorBefore(event: IncidentEvent, notes: readonly Event<"note">[]): Anchor | undefined {
  const before = notes.filter(
    (note) =>
      note !== event &&
      note.name !== "" &&
      note.process !== "serve" &&
      note.atMs <= event.atMs &&
      (event.kind !== "note" ||
        (note.source === event.source && note.process === event.process && note.line < event.line)),
  );
  const last = before.at(-1);
  return last === undefined ? undefined : anchorOf(last, notes);
}

export function anchorOf(note: Event<"note">, notes: readonly Event<"note">[]): Anchor {
  const fields = stableFields(note);
  const text = canonicalJson(fields);
  const equal = notes.filter((each) => each.name === note.name && canonicalJson(stableFields(each)) === text);
  return { name: note.name, fields, occurrence: equal.indexOf(note) };
}

/** Without numbers that a board or a clock gave out. */
export function stableFields({ fields }: Pick<NoteEvent, "fields">): JsonObject {
  const stable: Record<string, JsonValue> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined && !runIds.has(name)) stable[name] = value;
  }
  return stable;
}

const runIds: ReadonlySet<string> = new Set(["cardId", "dateMoved", "generation", "trigger", "takeover", "outcome"]);

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
