import type { JsonArray, JsonObject, JsonValue } from "../../base/json.ts";
import type { HistoryEvent, OpIdentity } from "../../history/event.ts";
import { assert } from "../../base/assert.ts";

/**
 * A history as compact JSON: an operation stands there once, a text once, a time as its distance from the event before.
 * 50,000 events are some megabytes so, and not some twenty. It imports nothing of Node: the page unpacks it.
 */
export interface PackedEvents {
  readonly texts: readonly string[];
  /** `[id, process, incarnation, task, name, key, occurrence]`, and the site where it is not put together of these. */
  readonly ops: readonly (readonly number[])[];
  /** `[kind, microseconds since the event before, ...what the kind has]` */
  readonly events: readonly JsonArray[];
}

export function packEvents(events: readonly HistoryEvent[]): PackedEvents {
  return new Packer().pack(events);
}

export function unpackEvents({ texts, ops, events }: PackedEvents): HistoryEvent[] {
  const text = (index: JsonValue | undefined): string => texts[index as number]!;
  const operations = ops.map((packed) => unpackOp(packed, text));
  let atUs = 0;
  return events.map((row) => {
    const [kind, sinceUs, a, b, c, d] = row;
    atUs += sinceUs as number;
    switch (kind) {
      case kinds.sent:
        return { kind: "sent", atUs, op: operations[a as number]! };
      case kinds.effect:
        return { kind: "effect", atUs, op: operations[a as number]!, step: b as number };
      case kinds.answered:
        return {
          kind: "answered",
          atUs,
          op: operations[a as number]!,
          outcome: outcomes[b as number]!,
          detail: text(c),
        };
      case kinds.process:
        return {
          kind: "process",
          atUs,
          process: text(a),
          incarnation: b as number,
          what: text(c) as "start",
          reason: text(d),
        };
      case kinds.fault:
        return {
          kind: "fault",
          atUs,
          site: text(a),
          fault: text(b),
          params: c as JsonObject,
          effect: text(d) as "none",
        };
      case kinds.change:
        return {
          kind: "change",
          atUs,
          op: a === -1 ? undefined : operations[a as number]!,
          change: b as JsonObject & { store: string; type: string },
        };
      default: {
        assert(kind === kinds.note, "a packed event has a kind that there is none of");
        const [, , , , , , fields] = row;
        return {
          kind: "note",
          atUs,
          process: text(a),
          incarnation: b as number,
          task: text(c),
          name: text(d),
          fields: fields as JsonObject,
        };
      }
    }
  });
}

class Packer {
  private readonly texts = new Map<string, number>();
  private readonly ops: number[][] = [];
  private readonly opIndices = new Map<number, number>();

  pack(events: readonly HistoryEvent[]): PackedEvents {
    let beforeUs = 0;
    const rows = events.map((event) => {
      const sinceUs = event.atUs - beforeUs;
      beforeUs = event.atUs;
      return [kinds[event.kind], sinceUs, ...this.membersOf(event)];
    });
    return { texts: [...this.texts.keys()], ops: this.ops, events: rows };
  }

  private membersOf(event: HistoryEvent): JsonValue[] {
    switch (event.kind) {
      case "sent":
        return [this.op(event.op)];
      case "effect":
        return [this.op(event.op), event.step];
      case "answered":
        return [this.op(event.op), outcomes.indexOf(event.outcome), this.text(event.detail)];
      case "process":
        return [this.text(event.process), event.incarnation, this.text(event.what), this.text(event.reason)];
      case "fault":
        return [this.text(event.site), this.text(event.fault), event.params, this.text(event.effect)];
      case "change":
        return [event.op === undefined ? -1 : this.op(event.op), event.change];
      case "note":
        return [
          this.text(event.process),
          event.incarnation,
          this.text(event.task),
          this.text(event.name),
          event.fields,
        ];
    }
  }

  private op(op: OpIdentity): number {
    const known = this.opIndices.get(op.id);
    if (known !== undefined) return known;
    const { id, site, process, incarnation, taskName, name, key, occurrence } = op;
    const packed = [
      id,
      this.text(process),
      incarnation,
      this.text(taskName),
      this.text(name),
      this.text(key),
      occurrence,
    ];
    if (site !== siteOf(op)) packed.push(this.text(site));
    const index = this.ops.push(packed) - 1;
    this.opIndices.set(id, index);
    return index;
  }

  private text(value: string): number {
    let index = this.texts.get(value);
    if (index === undefined) this.texts.set(value, (index = this.texts.size));
    return index;
  }
}

function unpackOp(packed: readonly number[], text: (index: number | undefined) => string): OpIdentity {
  const [id, process, incarnation, task, name, key, occurrence, site] = packed;
  const parts = {
    id: id!,
    process: text(process),
    incarnation: incarnation!,
    taskName: text(task),
    name: text(name),
    key: text(key),
    occurrence: occurrence!,
  };
  return { ...parts, site: site === undefined ? siteOf(parts) : text(site) };
}

function siteOf({ process, incarnation, taskName, name, key, occurrence }: Omit<OpIdentity, "site">): string {
  return `${process}@${incarnation}/${taskName}/${name}(${key})#${occurrence}`;
}

const outcomes = ["ok", "fail", "unknown"] as const;
const kinds = { sent: 0, effect: 1, answered: 2, process: 3, fault: 4, change: 5, note: 6 } as const;
