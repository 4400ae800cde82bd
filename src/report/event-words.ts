import type { ChangeEvent, HistoryEvent, ProcessEvent } from "../history/event.ts";
import type { CardNames } from "./card-names.ts";
import { describeFault } from "./fault-words.ts";
import { describeFields, describeNote } from "./note-words.ts";
import { describeOperation } from "./op-words.ts";
import { shortDigests, shortText } from "./short-text.ts";
import { describeSite } from "./site-words.ts";
import { listText, valueText } from "./value-text.ts";

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
      const detail = event.detail === "" ? "" : ` (${shortText(event.detail)})`;
      return event.outcome === "fail"
        ? `${what}: fails${detail}`
        : `${what}: cannot know whether it took effect${detail}`;
    }
    case "fault":
      return `${describeFault(event.fault, event.params)}, as ${describeSite(event.site)}`;
    case "change":
      return describeChange(event.change, cards);
    case "note":
      return describeNote(event.name, event.fields);
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
  const why = reason === "" ? "" : `: ${shortText(reason)}`;
  switch (what) {
    case "start":
      return incarnation === 0 ? "starts" : "starts again";
    case "finish":
      return "ends";
    case "crash":
      return `crashes${why}`;
    // The reason is the fault's site, and the fault has just been told.
    case "kill":
      return "is killed";
    case "host-crash":
      return "dies with its host";
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
      const copy = change["copyOf"] === undefined ? "" : `, as a copy of ${cards.of(change["copyOf"])}`;
      return `creates ${card} in ${text("column")}${copy}`;
    }
    case "board card.updated":
      return `updates ${card}: ${listText(change["fields"]) || "nothing"}`;
    case "board card.moved":
      return `moves ${card} from ${text("from")} to ${text("to")}`;
    case "board card.closed":
      return `closes ${card}`;
    case "board card.opened":
      return `opens ${card}`;
    case "board card.removed":
      return `removes ${card}`;
    case "board tags.set":
      return cards.describeTags(change);
    case "board metadata.saved":
      return `sets ${text("name")} of ${card} to ${text("value") === "" ? "nothing" : shortText(text("value"))}`;
    case "board link.created":
      return `links ${card}: it ${text("label")} ${cards.of(change["opposite"])}`;
    case "board link.removed":
      return `unlinks ${card}: it no longer ${text("label")} ${cards.of(change["opposite"])}`;
    case "board comment.created":
      return `comments on ${card}: ${shortText(text("text"))}`;
    case "board comment.removed":
      return `removes a comment of ${card}`;
    case "board file.created":
      return `attaches ${text("name")} (${text("sizeBytes")} bytes) to ${card}`;
    case "board file.removed":
      return `removes the attachment ${text("name")} of ${card}`;
    case "disk file.written":
      return `writes ${text("path")} (${text("sizeBytes")} bytes, ${text("digest").slice(0, 8)}…)`;
    case "disk file.removed":
      return `removes ${text("path")}`;
    case "disk file.renamed":
      return renameText(text("from"), text("to"));
    case "disk link.made":
      return `makes ${text("path")} a link to ${text("target")}`;
    case "git commit":
      return `commits in ${text("repository")}: ${shortText(text("message"))}`;
    case "program program.started":
      return `starts ${text("name")} as process ${text("pid")}`;
    case "program program.ended":
      return `ends ${text("name")}, process ${text("pid")}, with status ${text("status")}`;
    case "model completion":
      return `the model answers${asked(text("role"), text("key"))} (${text("finish")})`;
    default: {
      const { store, type, ...fields } = change;
      return shortDigests(`${store} ${type}${describeFields(fields)}`);
    }
  }
}

/** Most files take the place of another of the same folder: the folder that both share stands in the new name. */
/** Clients that are not the core's say neither. */
function asked(role: string, key: string): string {
  return `${role === "" ? "" : ` as ${role}`}${key === "" ? "" : ` about ${key}`}`;
}

function renameText(from: string, to: string): string {
  let shared = 0;
  while (shared < from.length && from[shared] === to[shared]) shared++;
  const folder = from.lastIndexOf("/", shared - 1);
  return `renames ${folder > 0 ? `…${from.slice(folder)}` : from} to ${to}`;
}
