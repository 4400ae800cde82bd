import type { JsonObject, JsonValue } from "../base/json.ts";
import type { IncidentEvent } from "./incident-event.ts";
import type { BoardSnapshot } from "./readers/board-database.ts";
import { textOf } from "./readers/reader.ts";
import type { Timeline } from "./timeline.ts";

/** A workload of the board world, as the logs had it, and what of it they do not tell. */
export interface BoardWorkload {
  readonly workload: JsonObject;
  /** What was taken from where, in words, for people to check. */
  readonly notes: readonly string[];
  /** Members that the logs leave open, each with the values that the search may draw. */
  readonly open: Readonly<Record<string, readonly JsonValue[]>>;
}

type Card = Extract<IncidentEvent, { readonly kind: "card" }>;
type Note = Extract<IncidentEvent, { readonly kind: "note" }>;

/**
 * What people asked for and did: epics with their stories, how far they were taken, and moves that were no approvals.
 *
 * @param plan of the first epic, as its model wrote it; unless given, a plan of the stories that the logs name
 * @returns undefined when no log names a card
 */
export function boardWorkload(
  timeline: Timeline,
  snapshot: BoardSnapshot | undefined,
  plan?: JsonValue,
): BoardWorkload | undefined {
  return new Board(timeline, snapshot, plan).workload();
}

const epicsMax = 10;
const slipsMax = 10;
/** Someone who moves a card back within it mends a slip. */
const mendMsMax = 60_000;

class Board {
  private readonly snapshot: BoardSnapshot;
  private readonly plan: JsonValue | undefined;
  private readonly cards: readonly Card[];
  private readonly notes: readonly Note[];
  private readonly said: string[] = [];
  private readonly open: Record<string, readonly JsonValue[]> = {};
  private readonly operations: readonly Extract<IncidentEvent, { readonly kind: "operation" }>[];
  private readonly hasDeliveries: boolean;

  constructor({ events }: Timeline, snapshot: BoardSnapshot = { cards: [] }, plan?: JsonValue) {
    this.snapshot = snapshot;
    this.plan = plan;
    this.cards = events.filter((event) => event.kind === "card");
    this.notes = events.filter((event) => event.kind === "note");
    this.operations = events.filter((event) => event.kind === "operation");
    this.hasDeliveries = events.some(({ kind }) => kind === "delivery");
  }

  workload(): BoardWorkload | undefined {
    const epics = this.epics().slice(0, epicsMax);
    if (epics.length === 0) return undefined;
    const { pollers, webhookServers } = this.processes();
    const workload: JsonObject = {
      epics: epics.map((reference, index) => this.epic(reference, index)),
      journey: this.journey(epics),
      pollers,
      webhookServers,
      pollIntervalMs: this.choose("pollIntervalMs", [20_000, 5_000]),
      mandatoryFields: this.mandatoryFields(),
      coderNeedsTries: 1,
      slips: this.slips(epics),
    };
    return { workload, notes: this.said, open: this.open };
  }

  /** References without a slash, in the order in which they were first seen; of cards alone, of which others are stories, first. */
  private epics(): readonly string[] {
    const references = [
      ...this.cards.map(({ reference }) => reference),
      ...this.snapshot.cards.map(({ reference }) => reference),
      ...this.notes.flatMap(({ fields }) =>
        [fields["epic"], fields["card"]].filter((each) => typeof each === "string"),
      ),
    ];
    const epics = new Set(references.filter((each) => each !== "").map((each) => each.split("/")[0]!));
    return [...epics].filter((each) => /^[A-Za-z0-9][A-Za-z0-9-]{0,39}$/.test(each));
  }

  private epic(reference: string, index: number): JsonObject {
    const card = [...this.snapshot.cards, ...this.cards].find((each) => each.reference === reference);
    const fields = this.snapshot.cards.find((each) => each.reference === reference)?.fields;
    const plan = index === 0 ? this.plan : undefined;
    const dirname = fields?.["dirname"] ?? "";
    return {
      reference,
      dirname: /^[a-z0-9][a-z0-9-]*$/.test(dirname) ? dirname : reference.toLowerCase(),
      title: card === undefined || card.title === "" ? `Epic ${index + 1}` : card.title.slice(0, 500),
      description: card?.description.slice(0, 20_000) ?? "",
      prd: plan ?? { stories: this.toldStories(reference).map((id, at) => this.story(reference, id, at)) },
    };
  }

  private toldStories(epic: string): readonly string[] {
    const stories = this.storiesOf(epic);
    this.said.push(`${epic}: ${stories.length} ${stories.length === 1 ? "story" : "stories"} (${stories.join(", ")})`);
    return stories;
  }

  private story(epic: string, id: string, index: number): JsonObject {
    const card = [...this.snapshot.cards, ...this.cards].find((each) => each.reference === `${epic}/${id}`);
    const isNeutral = card === undefined || card.title === "" || card.title === `Card ${card.card}`;
    return {
      id,
      title: isNeutral ? `Step ${index + 1}` : card.title.slice(0, 200),
      description: `Step ${index + 1}.`,
      acceptance_criteria: [`Step ${index + 1} works`],
      priority: "medium",
    };
  }

  /** In the order in which the orchestrator spoke of them; those that it did not come last, in the order of their cards. */
  private storiesOf(epic: string): readonly string[] {
    const ids = new Set<string>();
    for (const { fields } of this.notes) {
      const { epic: of, story } = fields;
      if (of === epic && typeof story === "string") ids.add(story);
    }
    for (const { reference } of [...this.cards, ...this.snapshot.cards]) {
      const [of, id] = reference.split("/");
      if (of === epic && id !== undefined) ids.add(id);
    }
    if (ids.size > 0) return [...ids];
    this.said.push(`${epic}: no log tells its stories; two are taken`);
    return ["S1", "S2"];
  }

  /** By the lanes in which somebody was at work, and whether the plan was made by an agent or was there. */
  private journey(epics: readonly string[]): string {
    if (this.notes.some(({ name }) => name === "workPackage.event")) return this.say("journey", "single");
    const lanes = new Set<number>();
    for (const { fields } of this.notes) if (typeof fields["lane"] === "number") lanes.add(fields["lane"]);
    for (const card of this.cards) if (epics.includes(card.reference)) lanes.add(card.lane);
    for (const { lane, reference } of this.snapshot.cards) if (epics.includes(reference)) lanes.add(lane);
    const deepest = Math.max(0, ...lanes);
    if (deepest > 5) return this.say("journey", "whole");
    const isPlanned = [2, 3, 4].some((lane) => lanes.has(lane));
    return this.say("journey", isPlanned || deepest === 0 ? "planning" : "fan-out");
  }

  private processes(): { readonly pollers: number; readonly webhookServers: number } {
    const names = new Set(this.notes.map(({ source, process }) => `${source} ${process}`));
    const count = (form: RegExp): number => [...names].filter((name) => form.test(name)).length;
    const webhookServers = Math.min(2, count(/ webhook/) || (this.hasDeliveries ? 1 : 0));
    const pollers = Math.min(3, count(/ poller/) || (webhookServers === 0 ? 1 : 0));
    this.said.push(
      `${pollers} poller${pollers === 1 ? "" : "s"}, ${webhookServers} webhook server${webhookServers === 1 ? "" : "s"}`,
    );
    return { pollers, webhookServers };
  }

  private mandatoryFields(): boolean {
    const copies = this.operations.some(({ name }) => name === "board.duplicateTaskToProject");
    if (copies || this.snapshot.cards.some(({ isCopy }) => isCopy === true)) {
      this.said.push("the board requires custom fields: cards were made as copies");
      return true;
    }
    const isKnown = this.snapshot.cards.some(({ isCopy }) => isCopy !== undefined);
    return isKnown ? false : (this.choose("mandatoryFields", [false, true]) as boolean);
  }

  /** Moves of people that are no approvals, closings, and edits: each once, in order. */
  private slips(epics: readonly string[]): readonly JsonObject[] {
    const slips: JsonObject[] = [];
    const lanes = new Map<number, number>();
    const isMended = new Set<Card>();
    for (const [index, card] of this.cards.entries()) {
      const from = lanes.get(card.card) ?? 1;
      if (card.lane > 0) lanes.set(card.card, card.lane);
      if (card.by === "" || isMended.has(card) || !epics.includes(card.reference.split("/")[0]!)) continue;
      const later = this.cards
        .slice(index + 1)
        .filter((each) => each.card === card.card && each.atMs - card.atMs <= mendMsMax);
      const on = { card: card.reference, lane: from };
      if (card.what === "moved" && from > 1) {
        const back = later.find((each) => each.what === "moved" && each.lane === from);
        const isAtWork = this.isAtWork(card.reference, from, card.atMs);
        if (card.lane === from + 1 && back === undefined) {
          if (isAtWork) slips.push({ kind: "move-early", ...on });
        } else if (card.lane < from && !isAtWork) {
          slips.push({ kind: "move-back", ...on, to: card.lane });
        } else if (card.lane !== from) {
          if (back !== undefined) isMended.add(back);
          slips.push({
            kind: "drag",
            ...on,
            to: card.lane,
            backAfterMs: back === undefined ? null : back.atMs - card.atMs,
          });
        }
      }
      if (card.what === "closed") {
        const opened = later.find((each) => each.what === "opened");
        if (opened !== undefined) slips.push({ kind: "close", ...on, reopenAfterMs: opened.atMs - card.atMs });
      }
    }
    if (slips.length > 0)
      this.said.push(`people did ${slips.map(({ kind, card }) => `${textOf(kind)} ${textOf(card)}`).join(", ")}`);
    return slips.slice(0, slipsMax);
  }

  private isAtWork(reference: string, lane: number, atMs: number): boolean {
    const last = this.notes.findLast(
      ({ name, fields, atMs: noteMs }) =>
        (name === "run.started" || name === "run.finished") &&
        fields["card"] === reference &&
        fields["lane"] === lane &&
        noteMs <= atMs,
    );
    return last?.name === "run.started";
  }

  private choose(member: string, values: readonly JsonValue[]): JsonValue {
    this.open[member] = values;
    return values[0]!;
  }

  private say(member: string, value: string): string {
    this.said.push(`${member}: ${value}`);
    return value;
  }
}

/** The workload, and those that differ from it in what the logs leave open, the given one first. */
export function openWorkloads({ workload, open }: BoardWorkload): readonly JsonObject[] {
  return Object.entries(open).reduce<readonly JsonObject[]>(
    (all, [member, values]) => values.flatMap((value) => all.map((each) => ({ ...each, [member]: value }))),
    [workload],
  );
}
