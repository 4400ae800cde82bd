import type { RecordedChange } from "./recording.ts";

/** Cards by what stands on them: numbers are given in the order of creation, which no two runs need share. */
export class CardReferences {
  private readonly byNumber = new Map<number, string>();

  constructor(changes: readonly RecordedChange[]) {
    const taken = new Map<string, number>();
    for (const { change } of changes) {
      if (change.store !== "board" || change.type !== "card.created") continue;
      const { reference, title: written } = change as unknown as { readonly reference: string; readonly title: string };
      const title = reference === "" ? written : reference;
      const count = (taken.get(title) ?? 0) + 1;
      taken.set(title, count);
      this.byNumber.set(Number(change["card"]), count === 1 ? title : `${title} (${count})`);
    }
  }

  /** @returns as `card Log in`; undefined where there is no card of that number */
  of(number: number): string | undefined {
    const reference = this.byNumber.get(number);
    return reference === undefined ? undefined : `card ${reference}`;
  }
}
