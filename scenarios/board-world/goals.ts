import type { HistoryEvent, Sometimes } from "../../src/index.ts";

/** A goal that one event is enough to reach. */
export function onceSeen(
  name: string,
  kinds: readonly HistoryEvent["kind"][],
  isReached: (event: HistoryEvent) => boolean,
): Sometimes {
  return {
    name,
    start: (hit) => ({
      kinds,
      observe(event) {
        if (isReached(event)) hit();
      },
    }),
  };
}

export const webhookRun = onceSeen(
  "a webhook started a run",
  ["note"],
  (event) => isNote(event, "run.started") && event.fields["trigger"] === "webhook",
);

export const pollerRun = onceSeen(
  "a poller started a run",
  ["note"],
  (event) => isNote(event, "run.started") && event.fields["trigger"] === "poller",
);

export const resyncRun = onceSeen(
  "a webhook server started a run that no webhook had announced",
  ["note"],
  (event) =>
    isNote(event, "run.started") && event.fields["trigger"] === "poller" && event.process.startsWith("webhooks"),
);

export const answerRepaired = onceSeen("a model's damaged JSON was repaired", ["note"], (event) =>
  isNote(event, "answer.repaired"),
);

export const repairRefused = onceSeen(
  "a model's damaged JSON could not be repaired",
  ["note"],
  (event) =>
    isNote(event, "answer.refused") && /damaged JSON|cut off|ends in the middle/.test(event.fields["reason"] as string),
);

export const resumedRun = onceSeen(
  "a run was resumed in a later attempt",
  ["note"],
  (event) => isNote(event, "run.started") && Number(event.fields["attempt"]) > 1,
);

export const leaseTakenOver = onceSeen(
  "a lease expired and was taken over",
  ["note"],
  (event) => isNote(event, "lease.acquired") && event.fields["takeover"] === true,
);

export const storyDone = onceSeen("a story reached the last lane", ["change"], reachesLastLane);

export const doneAlone = onceSeen("a card that is worked alone reached the last lane", ["change"], reachesLastLane);

function reachesLastLane(event: HistoryEvent): boolean {
  return (
    event.kind === "change" && event.change.type === "card.moved" && (event.change["to"] as string).startsWith("11")
  );
}

export const cardCreated = onceSeen("a story's card was created", ["note"], (event) => isNote(event, "spawn.created"));

export const cardCopied = onceSeen(
  "a story's card was made by copying its epic",
  ["change"],
  (event) => event.kind === "change" && event.change.type === "card.created" && event.change["copyOf"] !== undefined,
);

export const timedOutInFlight = onceSeen(
  "a time limit struck while a request was on its way",
  ["answered"],
  (event) => event.kind === "answered" && event.outcome === "unknown" && event.detail === "ETIMEDOUT",
);

export const fileRestored = onceSeen("a changed artifact was found and put back", ["note"], (event) =>
  isNote(event, "artifact.restored"),
);

export const floodRefused = onceSeen("a plan over the limit was refused", ["note"], (event) =>
  isNote(event, "spawn.refused"),
);

export const crashed = onceSeen(
  "a process was killed",
  ["process"],
  (event) => event.kind === "process" && event.what === "kill",
);

export const hostCrashed = onceSeen(
  "a host lost power",
  ["process"],
  (event) => event.kind === "process" && event.what === "host-crash",
);

export const webhookLost = onceSeen(
  "a webhook was lost",
  ["fault"],
  (event) => event.kind === "fault" && event.fault === "request-lost" && event.site.includes("/webhook."),
);

export const modelOutage = onceSeen(
  "the model was out of reach for minutes",
  ["fault"],
  (event) => event.kind === "fault" && event.fault === "partition" && Number(event.params["durationMs"]) >= 60_000,
);

export const diskFilled = onceSeen(
  "a write met a full disk",
  ["answered"],
  (event) => event.kind === "answered" && event.detail === "ENOSPC",
);

export const boardRefused = onceSeen(
  "the board refused a call by itself",
  ["fault"],
  (event) => event.kind === "fault" && event.fault === "service-fault",
);

export const programMisbehaved = onceSeen(
  "a program misbehaved",
  ["fault"],
  (event) => event.kind === "fault" && event.fault === "program-misbehaves",
);

/** A card is announced again while a run for it is under way. */
export const repeatedWebhook: Sometimes = {
  name: "a webhook came again while a run of its card was live",
  start(hit) {
    const live = new Map<string, string>();
    return {
      kinds: ["note", "process"],
      observe(event) {
        if (event.kind === "process") {
          if (event.what === "start") for (const [card, by] of live) if (by === event.process) live.delete(card);
          return;
        }
        if (event.kind !== "note") return;
        const card = event.fields["card"] as string;
        if (event.name === "run.started") live.set(card, event.process);
        else if (event.name === "run.finished") live.delete(card);
        else if (event.name === "webhook.accepted" && live.has(card)) hit();
      },
    };
  },
};

/** A process dies after it has asked for a story's card, before its fan-out is over. */
export const crashInFanOut: Sometimes = {
  name: "a crash fell between two steps of a fan-out",
  start(hit) {
    const spawning = new Set<string>();
    return {
      kinds: ["note", "process"],
      observe(event) {
        if (event.kind === "note") {
          if (event.name === "spawn.intended") spawning.add(event.process);
          else if (event.name === "run.finished") spawning.delete(event.process);
        } else if (event.kind === "process") {
          if (isDeath(event.what) && spawning.has(event.process)) hit();
          if (event.what === "start") spawning.delete(event.process);
        }
      },
    };
  },
};

/** A fan-out goes on after some of its cards were made. */
export const partialFanOutResumed: Sometimes = {
  name: "a partial fan-out was resumed",
  start(hit) {
    const intended = new Set<string>();
    return {
      kinds: ["note"],
      observe(event) {
        if (event.kind !== "note") return;
        if (event.name === "spawn.intended") intended.add(event.fields["epic"] as string);
        if (event.name !== "run.started" || event.fields["lane"] !== 5) return;
        if (Number(event.fields["attempt"]) > 1 && intended.has(event.fields["card"] as string)) hit();
      },
    };
  },
};

/** Somebody finds the claim taken that he wanted to make. */
export const contended: Sometimes = onceSeen(
  "two orchestrators wanted one scope at once",
  ["answered"],
  (event) =>
    event.kind === "answered" &&
    event.op.name === "disk.write" &&
    event.detail === "EEXIST" &&
    event.op.key.startsWith("claim:"),
);

/** Cards of one epic are worked on by more than one process. */
export const sharedEpic: Sometimes = {
  name: "two orchestrators worked for one epic",
  start(hit) {
    const workers = new Map<string, string>();
    return {
      kinds: ["note"],
      observe(event) {
        if (!isNote(event, "run.started")) return;
        const scope = event.fields["scope"] as string;
        const before = workers.get(scope);
        if (before !== undefined && before !== event.process) hit();
        workers.set(scope, event.process);
      },
    };
  },
};

function isNote(event: HistoryEvent, name: string): event is HistoryEvent & { kind: "note" } {
  return event.kind === "note" && event.name === name;
}

function isDeath(what: string): boolean {
  return what === "kill" || what === "crash" || what === "host-crash";
}
