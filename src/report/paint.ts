/** How parts of a report are made to stand out. Plain text where nobody looks at a terminal. */
export interface Paint {
  readonly bad: (text: string) => string;
  readonly good: (text: string) => string;
  readonly faint: (text: string) => string;
  readonly strong: (text: string) => string;
}

const same = (text: string): string => text;

export const noPaint: Paint = { bad: same, good: same, faint: same, strong: same };
