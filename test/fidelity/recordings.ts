import type { JsonObject, JsonValue } from "../../src/base/json.ts";
import { Body } from "../../src/base/body.ts";
import type { RecordedChange, RecordedExchange, Recording } from "../../src/fidelity/recording.ts";
import type { Change } from "../../src/ports/service.ts";

/** A run in which nothing happened, but for what is given. */
export function recordingOf(given: Partial<Recording> = {}): Recording {
  return {
    exchanges: [],
    changes: [],
    webhooks: [],
    starts: [],
    commits: [],
    lives: [],
    isAtWork: false,
    files: new Map(),
    board: {},
    unmodelled: [],
    places: [],
    ...given,
  };
}

export interface CallGiven {
  readonly process?: string;
  readonly params?: JsonObject;
  readonly result?: JsonValue;
  readonly headers?: Readonly<Record<string, string>>;
  /** Changes so far, and its own. */
  readonly at?: number;
  readonly own?: number;
}

/** A call of the board's API that was answered. */
export function callOf(method: string, given: CallGiven = {}): RecordedExchange {
  const { process = "worker", params = {}, result = null, headers = {}, at = 0, own = 0 } = given;
  return {
    service: "board",
    process,
    request: {
      method: "POST",
      path: "/jsonrpc.php",
      headers,
      body: Body.ofJson({ jsonrpc: "2.0", id: 7, method, params }),
    },
    changesBefore: at,
    changesAfter: at + own,
    ownChanges: own,
    answer: { status: 200, headers: {}, text: JSON.stringify({ jsonrpc: "2.0", id: 7, result }) },
  };
}

export function cardCreated(card: number, title: string, process = "people"): RecordedChange {
  const fields = { project: 1, title, reference: "", column: "Ready", tags: [], dateMoved: 1_767_603_600 };
  return changeOf({ store: "board", type: "card.created", card, ...fields }, process);
}

export function changeOf(change: Change, process = "worker"): RecordedChange {
  return { service: change.store, process, change };
}
