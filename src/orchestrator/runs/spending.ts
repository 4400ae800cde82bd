/** What models have cost. */
export interface Spending {
  readonly tokens: number;
  /** Of the answers whose price is known. */
  readonly usd: number;
}

export function spendingLine({ tokens, usd }: Spending): string {
  return `${tokens} ${Math.round(usd * 1_000_000)}\n`;
}

/** A line that was cut short or damaged does not count. */
export function sumSpending(text: string): Spending {
  let tokens = 0;
  let micros = 0;
  for (const line of text.split("\n").slice(0, -1)) {
    const match = /^(\d{1,12}) (\d{1,15})$/.exec(line);
    if (match === null) continue;
    tokens += Number(match[1]);
    micros += Number(match[2]);
  }
  return { tokens, usd: micros / 1_000_000 };
}
