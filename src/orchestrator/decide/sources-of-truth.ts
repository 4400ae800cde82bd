/** Where a fact is kept. */
export type Store =
  | "config"
  | "event"
  | "card state"
  | "tags"
  | "card fields"
  | "card text"
  | "attachments"
  | "cards"
  | "run record"
  | "approvals"
  | "ratchet"
  | "kept copies"
  | "plan"
  | "files"
  | "git branch"
  | "git worktree"
  | "git config"
  | "workspace owner";

export interface SourceOfTruth {
  readonly fact: FactName;
  /** What is believed when the others say something else. */
  readonly winner: Store;
  readonly losers: readonly Store[];
  /** What happens to the losers: written anew, left as they are and not asked, or the work is refused until people act. */
  readonly consequence: "repair" | "ignore" | "refuse";
  /** Whether the card says so. */
  readonly isReported: boolean;
}

export type FactName =
  | "where a card is"
  | "whether a cause is done"
  | "which folder an epic works in"
  | "who owns a folder"
  | "what is approved"
  | "what an approved artifact says"
  | "what a draft says"
  | "which stories there are"
  | "what a story's code is"
  | "where a story is worked"
  | "who commits";

/** For every fact that is kept in more than one place: who wins when two of them disagree. */
export const sourcesOfTruth: readonly SourceOfTruth[] = [
  { fact: "where a card is", winner: "card state", losers: ["event"], consequence: "ignore", isReported: false },
  { fact: "whether a cause is done", winner: "run record", losers: ["tags"], consequence: "repair", isReported: false },
  {
    fact: "which folder an epic works in",
    winner: "card fields",
    losers: ["card text"],
    consequence: "ignore",
    isReported: false,
  },
  {
    fact: "who owns a folder",
    winner: "workspace owner",
    losers: ["card fields"],
    consequence: "refuse",
    isReported: true,
  },
  { fact: "what is approved", winner: "approvals", losers: ["ratchet"], consequence: "repair", isReported: false },
  {
    fact: "what an approved artifact says",
    winner: "kept copies",
    losers: ["files"],
    consequence: "repair",
    isReported: true,
  },
  { fact: "what a draft says", winner: "files", losers: ["attachments"], consequence: "ignore", isReported: false },
  { fact: "which stories there are", winner: "plan", losers: ["cards"], consequence: "repair", isReported: true },
  { fact: "what a story's code is", winner: "git branch", losers: ["files"], consequence: "repair", isReported: true },
  {
    fact: "where a story is worked",
    winner: "git branch",
    losers: ["git worktree"],
    consequence: "repair",
    isReported: false,
  },
  { fact: "who commits", winner: "config", losers: ["git config"], consequence: "ignore", isReported: false },
];
