/**
 * The changes that invariants read: what services and the host report of their own state, as it happens.
 * A fake emits these shapes; `card`, `comment`, `file` and `link` are the service's ids inside one run.
 */
export type BoardChange =
  | {
      store: "board";
      type: "card.created";
      card: number;
      project: number;
      title: string;
      reference: string;
      column: string;
      tags: readonly string[];
      /** The card it was duplicated from. */
      copyOf?: number;
      dateMoved: number;
    }
  | { store: "board"; type: "card.updated"; card: number; title: string; reference: string; fields: readonly string[] }
  /** `from` and `to` are column titles; `dateMoved` is the card's new value, seconds. */
  | { store: "board"; type: "card.moved"; card: number; from: string; to: string; dateMoved: number }
  | { store: "board"; type: "card.closed" | "card.opened" | "card.removed"; card: number }
  /** The whole set after the change, sorted by code unit. */
  | { store: "board"; type: "tags.set"; card: number; tags: readonly string[] }
  | { store: "board"; type: "metadata.saved"; card: number; name: string; value: string | null }
  | { store: "board"; type: "link.created" | "link.removed"; card: number; opposite: number; label: string }
  | { store: "board"; type: "comment.created"; card: number; comment: number; text: string }
  | { store: "board"; type: "comment.removed"; card: number; comment: number }
  | {
      store: "board";
      type: "file.created";
      card: number;
      file: number;
      name: string;
      sizeBytes: number;
      digest: string;
    }
  | { store: "board"; type: "file.removed"; card: number; file: number; name: string };

/** The disk of one host. `digest` is `digest64` of the content as text. */
export type DiskChange =
  | { store: "disk"; type: "file.written"; path: string; digest: string; sizeBytes: number; by: string }
  | { store: "disk"; type: "file.removed"; path: string; by: string }
  | { store: "disk"; type: "file.renamed"; from: string; to: string; by: string }
  | { store: "disk"; type: "link.made"; path: string; target: string; by: string };

/** Commits made by the simulated git. `files`: path in the tree to `digest64` of its content, changed paths alone. */
export type GitChange = {
  store: "git";
  type: "commit";
  repository: string;
  branch: string;
  commit: string;
  message: string;
  changed: Readonly<Record<string, string | null>>;
};

/** One answered model request. `role` and `key` are what the script was asked for. */
export type ModelChange = {
  store: "model";
  type: "completion";
  role: string;
  key: string;
  promptDigest: string;
  promptTokens: number;
  completionTokens: number;
  finish: string;
};

/** Programs of a host. `pid` is unique in a run. */
export type ProgramChange = {
  store: "program";
  type: "program.started" | "program.ended";
  pid: number;
  name: string;
  /** How it ended, in a simulation: an exit code, or the name of a signal. */
  status?: string;
};

export type WorldChange = BoardChange | DiskChange | GitChange | ModelChange | ProgramChange;
