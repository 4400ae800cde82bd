/** Of a call that goes on. */
export interface PendingLabel {
  readonly name: string;
  readonly key: string;
  /** Both in one. */
  readonly text: string;
}

/** The labels of a task's calls that go on at the same time: each has one of its own. */
export class PendingLabels {
  private readonly texts = new Set<string>();
  /** By the text without a number: all lower numbers are taken. Absent where only the first may be, which bears none. */
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
    return { name, key: free, text };
  }

  giveBack({ text }: PendingLabel): void {
    const { texts, lowestFree } = this;
    texts.delete(text);
    if (lowestFree.size === 0) return;
    lowestFree.delete(text);
    // Keys may be written as if they had a number: whose it was does not matter.
    const [, start, number] = /^(.*)~(\d+)\)$/s.exec(text) ?? [];
    if (start === undefined) return;
    const plainText = `${start})`;
    if (Number(number) < (lowestFree.get(plainText) ?? 0)) lowestFree.set(plainText, Number(number));
  }
}
