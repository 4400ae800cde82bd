/** What a broken invariant of the core means, and where to look. */
export interface InvariantWords {
  readonly category: Category;
  /** Below the root of the core's code. */
  readonly component: string;
  /** What goes wrong, seen from outside. */
  readonly failureMode: string;
  readonly leastFix: string;
}

export type Category =
  | "governance"
  | "exactly once"
  | "stories"
  | "limits"
  | "liveness"
  | "durability"
  | "cost"
  | "dispatch"
  | "budget"
  | "determinism"
  | "coverage"
  | "tests"
  | "habit"
  | "load"
  | "degradation"
  | "other";

/** By id. */
export const builtInInvariants: Readonly<Record<string, InvariantWords>> = {
  G1: {
    category: "governance",
    component: "workspace, governance",
    failureMode: "approved artifacts change behind the people who approved them",
    leastFix:
      "compare with the ratchet at the one door to files, before each use and each write, and put back what differs",
  },
  G2: {
    category: "governance",
    component: "agents, workspace",
    failureMode: "code is accepted that passes tests which it changed",
    leastFix:
      "check the tests as they stand on disk right before they run, and what a commit would hold right before it",
  },
  G3: {
    category: "governance",
    component: "dispatch, governance",
    failureMode: "what people set or did not approve is overridden by one of the ways that start work",
    leastFix: "let webhook, poller and manual runs take the same gate and the same table, and write tags by difference",
  },
  G4: {
    category: "governance",
    component: "workspace, process",
    failureMode: "text of a card or a model names files outside the workspace, or reaches a shell",
    leastFix: "match names against the whole allowed pattern where they come in, and take folders from configuration",
  },
  I1: {
    category: "exactly once",
    component: "claims, runs",
    failureMode: "the work of one cause is done twice",
    leastFix: "ask the durable record of the cause, under its lease, before work begins",
  },
  I2: {
    category: "stories",
    component: "spawn",
    failureMode: "a story has no card, or more than one",
    leastFix: "write the intent down before each creation, and look for the card by its key before another is made",
  },
  I3: {
    category: "stories",
    component: "spawn",
    failureMode: "an epic over the limit floods the board, or is refused without a word",
    leastFix: "count the stories before the first card is made, refuse all of them, and say so on the card",
  },
  I4: {
    category: "exactly once",
    component: "claims, spawn",
    failureMode: "several orchestrators do the same work, or make the same card",
    leastFix: "take the lease by exclusive creation, and look at the record of the cause behind it",
  },
  O1: {
    category: "dispatch",
    component: "dispatch, agents",
    failureMode: "a lane is acknowledged without its artifacts, or by another lane's agent",
    leastFix: "acknowledge only after a look at what is there: attachments, the commit, the tags as the board has them",
  },
  L1: limit("spawn", "an epic gets more cards than it may in its life"),
  L2: limit("runs", "a cause is tried more often than it may be"),
  L3: limit("agents", "a coder is asked again without end"),
  L4: limit("agents, process", "a step goes on after its time is over"),
  L5: limit("llm", "the traces of one attempt grow past their limit"),
  L6: limit("workspace", "old traces are never cleared away"),
  L7: limit("llm", "a prompt is larger than a model may get"),
  L8: limit("board", "one attempt asks the board without end"),
  V1: {
    category: "liveness",
    component: "dispatch, runs",
    failureMode: "a card stands still, and nobody is told",
    leastFix:
      "give everything that begins an owner that ends it: a lease that expires, a tag that is taken away, a visible failure",
  },
  D1: {
    category: "durability",
    component: "workspace",
    failureMode: "a crash loses what was acknowledged, or leaves half a file",
    leastFix: "write beside the file, sync, rename, and sync the folder before anything is acknowledged",
  },
  C1: {
    category: "cost",
    component: "runs, board",
    failureMode: "money and patience are spent on work that nothing explains",
    leastFix:
      "count attempts in the durable record of the cause, and look for a comment by its marker before writing it",
  },
};

function limit(component: string, failureMode: string): InvariantWords {
  return {
    category: "limits",
    component,
    failureMode,
    leastFix:
      "ask the limit where the next one would begin, count over the whole life of the card, and say when it is reached",
  };
}
