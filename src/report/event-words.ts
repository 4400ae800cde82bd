import type { JsonValue } from "../base/json.ts";
import type { ChangeEvent, HistoryEvent, ProcessEvent } from "../history/event.ts";
import type { CardNames } from "./card-names.ts";
import { describeFault } from "./fault-words.ts";
import { describeOperation } from "./op-words.ts";
import { valueText } from "./value-text.ts";

/** Who it happened to, or who did it: a process, a service, or the world. */
export function actorOf(event: HistoryEvent): string {
  switch (event.kind) {
    case "process":
    case "note":
      return lifeOf(event.process, event.incarnation);
    case "fault":
      return "fault";
    case "change":
      return event.op === undefined ? changeAuthor(event) : lifeOf(event.op.process, event.op.incarnation);
    case "sent":
    case "effect":
    case "answered":
      return lifeOf(event.op.process, event.op.incarnation);
  }
}

/** What happened, in plain words, on one line. */
export function describeEvent(event: HistoryEvent, cards: CardNames): string {
  switch (event.kind) {
    case "process":
      return describeTurn(event);
    case "sent":
      return `sends: ${describeOperation(event.op.name, event.op.key)}`;
    case "effect":
      return `takes effect: ${describeOperation(event.op.name, event.op.key)}`;
    case "answered": {
      const what = describeOperation(event.op.name, event.op.key);
      if (event.outcome === "ok") return what;
      const detail = event.detail === "" ? "" : ` (${event.detail})`;
      return event.outcome === "fail"
        ? `${what}: fails${detail}`
        : `${what}: cannot know whether it took effect${detail}`;
    }
    case "fault":
      return `${describeFault(event.fault, event.params)}: ${event.site}`;
    case "change":
      return describeChange(event.change, cards);
    case "note":
      return `says ${event.name}${describeFields(event.fields)}`;
  }
}

function lifeOf(process: string, incarnation: number): string {
  return incarnation === 0 ? process : `${process}@${incarnation}`;
}

function changeAuthor(event: ChangeEvent): string {
  const { by, store } = event.change;
  return typeof by === "string" ? by : store;
}

function describeTurn({ what, reason, incarnation }: ProcessEvent): string {
  const why = reason === "" ? "" : `: ${reason}`;
  switch (what) {
    case "start":
      return incarnation === 0 ? "starts" : "starts again";
    case "finish":
      return "ends";
    case "crash":
      return `crashes${why}`;
    case "kill":
      return `is killed${why}`;
    case "host-crash":
      return `dies with its host${why}`;
    case "pause":
      return "stands still";
    case "resume":
      return "goes on";
    case "clock-jump":
      return `its clock jumps${why}`;
  }
}

function describeChange(change: ChangeEvent["change"], cards: CardNames): string {
  const card = cards.of(change["card"]);
  const text = (name: string): string => valueText(change[name]);
  switch (`${change.store} ${change.type}`) {
    case "board card.created": {
      const copy = change["copyOf"] === undefined ? "" : `, a copy of ${cards.of(change["copyOf"])}`;
      return `${card} is created in ${text("column")}${copy}`;
    }
    case "board card.updated":
      return `${card} is updated: ${text("fields")}`;
    case "board card.moved":
      return `${card} moves from ${text("from")} to ${text("to")}`;
    case "board card.closed":
      return `${card} is closed`;
    case "board card.opened":
      return `${card} is opened`;
    case "board card.removed":
      return `${card} is removed`;
    case "board tags.set":
      return `${card} has the tags ${text("tags")}`;
    case "board metadata.saved":
      return `${card} has ${text("name")} = ${text("value")}`;
    case "board link.created":
      return `${card} ${text("label")} ${cards.of(change["opposite"])}`;
    case "board link.removed":
      return `${card} no longer ${text("label")} ${cards.of(change["opposite"])}`;
    case "board comment.created":
      return `${card} gets a comment: ${text("text")}`;
    case "board comment.removed":
      return `${card} loses a comment`;
    case "board file.created":
      return `${card} gets the attachment ${text("name")} (${text("sizeBytes")} bytes)`;
    case "board file.removed":
      return `${card} loses the attachment ${text("name")}`;
    case "disk file.written":
      return `${text("path")} is written (${text("sizeBytes")} bytes, ${text("digest").slice(0, 8)})`;
    case "disk file.removed":
      return `${text("path")} is removed`;
    case "disk file.renamed":
      return `${text("from")} is renamed to ${text("to")}`;
    case "disk link.made":
      return `${text("path")} now links to ${text("target")}`;
    case "git commit":
      return `commit in ${text("repository")}: ${text("message")}`;
    case "model completion":
      return `the model answers as ${text("role")} about ${text("key")} (${text("finish")})`;
    default: {
      const { store, type, ...fields } = change;
      return `${store} ${type}${describeFields(fields)}`;
    }
  }
}

function describeFields(fields: Readonly<Record<string, JsonValue | undefined>>): string {
  const parts = Object.keys(fields)
    .toSorted()
    .filter((name) => fields[name] !== undefined)
    .map((name) => `${name} ${valueText(fields[name])}`);
  return parts.length === 0 ? "" : `: ${parts.join(", ")}`;
}
