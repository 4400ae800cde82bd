/**
 * What the board reports as evidence, at the moment the statement happens. Ids are the board's own inside one run;
 * `from` and `to` are column titles, `dateMoved` is in seconds.
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
      /** Always empty at creation: tags follow as a statement of their own. */
      tags: readonly string[];
      copyOf?: number;
      dateMoved: number;
    }
  | { store: "board"; type: "card.updated"; card: number; title: string; reference: string; fields: readonly string[] }
  | { store: "board"; type: "card.moved"; card: number; from: string; to: string; dateMoved: number }
  | { store: "board"; type: "card.closed" | "card.opened" | "card.removed"; card: number }
  /** The whole set after the change, sorted by code unit. */
  | { store: "board"; type: "tags.set"; card: number; tags: readonly string[] }
  /** `value` is null when the entry was removed, and when null was saved. */
  | { store: "board"; type: "metadata.saved"; card: number; name: string; value: string | null }
  | { store: "board"; type: "link.created" | "link.removed"; card: number; opposite: number; label: string }
  | { store: "board"; type: "comment.created"; card: number; comment: number; text: string }
  | { store: "board"; type: "comment.removed"; card: number; comment: number }
  /** `digest` is `digest64` of the content in base64. */
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
