/** Of a call that goes on. */
export interface PendingLabel {
  readonly name: string;
  readonly key: string;
  /** Both in one. */
  readonly text: string;
  /** The text without a number, and the number: 1 of the first, which bears none. */
  readonly plainText: string;
  readonly number: number;
}

/** The labels of a task's calls that go on at the same time: each has one of its own. */
export class PendingLabels {
  private readonly texts = new Set<string>();
  /** By plain text: all lower numbers are taken. Absent where only the first may be. */
  private readonly lowestFree = new Map<string, number>();

  /** The label itself while it is free, otherwise with the lowest number behind its key that is. */
  take(name: string, key: string): PendingLabel {
    const { texts, lowestFree } = this;
    const plainText = `${name}(${key})`;
    let number = lowestFree.get(plainText) ?? 1;
    let free = key;
    let text = plainText;
    for (; ; number++) {
      if (number > 1) {
        free = `${key}~${number}`;
        text = `${name}(${free})`;
      }
      if (!texts.has(text)) break;
    }
    texts.add(text);
    if (number > 1) lowestFree.set(plainText, number + 1);
    return { name, key: free, text, plainText, number };
  }

  giveBack({ text, plainText, number }: PendingLabel): void {
    const { texts, lowestFree } = this;
    texts.delete(text);
    if (lowestFree.size === 0) return;
    // A key may be written as if it had a number, and have stood in the way of others.
    if (number === 1 && /~\d+\)$/.test(text)) lowestFree.clear();
    if (number >= (lowestFree.get(plainText) ?? 1)) return;
    if (number === 1) lowestFree.delete(plainText);
    else lowestFree.set(plainText, number);
  }
}
