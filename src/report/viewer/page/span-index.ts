import type { Span } from "./run.ts";

/** Finds the operations that are under way somewhere between two events, without looking at all of them. */
export class SpanIndex {
  private readonly spans: readonly Span[];
  /** By block of events: the operations that began before it and end in it or later. */
  private readonly open: readonly (readonly number[])[];
  /** By block: the operations that begin in it. */
  private readonly begun: readonly (readonly number[])[];

  constructor(spans: readonly Span[], events: number) {
    this.spans = spans;
    const blocks = Math.ceil(events / blockEvents) + 1;
    const open: number[][] = Array.from({ length: blocks }, () => []);
    const begun: number[][] = Array.from({ length: blocks }, () => []);
    for (const [index, { sent, last }] of spans.entries()) {
      begun[blockOf(sent)]!.push(index);
      for (let block = blockOf(sent) + 1; block <= blockOf(last); block++) open[block]!.push(index);
    }
    this.open = open;
    this.begun = begun;
  }

  /** @returns indices of spans, in order of their blocks */
  overlapping(from: number, to: number): number[] {
    const first = blockOf(from);
    const candidates = [...this.open[first]!];
    for (let block = first; block <= blockOf(to); block++) candidates.push(...(this.begun[block] ?? []));
    return candidates.filter((index) => this.spans[index]!.sent <= to && this.spans[index]!.last >= from);
  }
}

function blockOf(event: number): number {
  return Math.floor(event / blockEvents);
}

const blockEvents = 256;
