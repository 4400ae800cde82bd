/** What a card has cost so far. */
export interface Spending {
  /** Of models. */
  readonly tokens: number;
  /** Of the answers whose price is known. */
  readonly usd: number;
  readonly comments: number;
}

export const nothingSpent: Spending = { tokens: 0, usd: 0, comments: 0 };

export function addSpending(left: Spending, right: Spending): Spending {
  return {
    tokens: left.tokens + right.tokens,
    usd: left.usd + right.usd,
    comments: left.comments + right.comments,
  };
}

export function spendingLine({ tokens, usd, comments }: Spending): string {
  return `=${tokens} ${Math.round(usd * 1_000_000)} ${comments}\n`;
}

/** What was cut short does not count, and does not take along what was written behind it. */
export function sumSpending(text: string): Spending {
  let sum = nothingSpent;
  for (const line of text.split("\n").slice(0, -1)) {
    const match = /^(?:=[\d ]*)*?=(\d{1,12}) (\d{1,15}) (\d{1,6})$/.exec(line);
    if (match === null) continue;
    const [, tokens, micros, comments] = match;
    sum = addSpending(sum, { tokens: Number(tokens), usd: Number(micros) / 1_000_000, comments: Number(comments) });
  }
  return sum;
}
