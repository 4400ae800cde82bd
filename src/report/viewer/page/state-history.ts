import type { HistoryEvent } from "../../../history/event.ts";
import { WorldState } from "../../world-state.ts";

/** The state of the world after any event: a copy is kept every few hundred, and the rest is applied again. */
export class StateHistory {
  private readonly events: readonly HistoryEvent[];
  private readonly keyframes: WorldState[] = [new WorldState()];
  /** The state that was asked for last, and after how many events it was. */
  private latest = { state: new WorldState(), length: 0 };

  constructor(events: readonly HistoryEvent[]) {
    this.events = events;
  }

  /** @param length of the events that have happened, from 0 to all of them */
  after(length: number): WorldState {
    if (this.latest.length === length) return this.latest.state;
    const block = Math.floor(length / keyframeEvents);
    this.fillKeyframes(block);
    const isNear = this.latest.length < length && this.latest.length >= block * keyframeEvents;
    const state = (isNear ? this.latest.state : this.keyframes[block]!).copy();
    const from = isNear ? this.latest.length : block * keyframeEvents;
    this.apply(state, from, length);
    this.latest = { state, length };
    return state;
  }

  private fillKeyframes(block: number): void {
    while (this.keyframes.length <= block) {
      const next = this.keyframes.at(-1)!.copy();
      const from = (this.keyframes.length - 1) * keyframeEvents;
      this.apply(next, from, from + keyframeEvents);
      this.keyframes.push(next);
    }
  }

  private apply(state: WorldState, from: number, to: number): void {
    for (let index = from; index < to; index++) state.apply(this.events[index]!);
  }
}

const keyframeEvents = 512;
