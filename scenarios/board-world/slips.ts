import * as z from "zod";

/** What people do beside the process, once each: to a card, or to files of a workspace. */
export type Slip = CardSlip | FileSlip;

/** Of people in front of the board, to a card in a lane. Unless said otherwise, while the lane's agent is at work. */
export type CardSlip = CardDeed & { readonly card: string; readonly lane: number };

type CardDeed =
  /** Moves the card on while the lane's agent is still at work, or has not even begun. */
  | { readonly kind: "move-early" }
  /** Moves the card back when the lane is complete. */
  | { readonly kind: "move-back"; readonly to: number }
  /** Adds a tag. */
  | { readonly kind: "label"; readonly tag: string }
  /** Loads the card's form, and saves it a while later with the tags of then. */
  | { readonly kind: "form-save"; readonly afterMs: number }
  /** Saves, after a while, a form that was loaded before the agent began: no tag of the lane is left. */
  | { readonly kind: "old-form"; readonly afterMs: number }
  /** Drags the card to any lane, also over several gates, and, unless null, back after a while. From the inbox too. */
  | { readonly kind: "drag"; readonly to: number; readonly backAfterMs: number | null }
  /** Deletes the card. */
  | { readonly kind: "remove" }
  /** Closes the card, and opens it again after a while. */
  | { readonly kind: "close"; readonly reopenAfterMs: number }
  /** Types into title or reference, and mends it after a while. */
  | {
      readonly kind: "edit";
      readonly field: "title" | "reference";
      readonly value: string;
      readonly mendAfterMs: number;
    };

/**
 * Of somebody with a shell on the server: does something to an approved file, or to what says that it is approved, a
 * while after its approval.
 */
export type FileSlip = {
  readonly kind: "approved-file";
  readonly dirname: string;
  readonly path: string;
  readonly deed: FileDeed;
  readonly afterMs: number;
};

export type FileDeed = (typeof fileDeeds)[number];
export const fileDeeds = [
  "delete",
  "edit",
  "link",
  "recreate",
  "rename-over",
  "other-spelling",
  "folder",
  "linked-parent",
  "ratchet-cut",
  "ratchet-object",
  "ratchet-list",
  "ratchet-null",
  "ratchet-deleted",
  "kept-damaged",
  "record-forged",
  "record-removed",
] as const;

/** Nobody can restore what is left in no true copy. */
const lossy: ReadonlySet<FileDeed> = new Set(["kept-damaged", "linked-parent"]);

export function isCardSlip(slip: Slip): slip is CardSlip {
  return slip.kind !== "approved-file";
}

/**
 * Whether a visible failure is right after this slip: what is done again, skipped, taken away or destroyed may be missing
 * later.
 */
export function mayHarm(slip: Slip, epic: { readonly reference: string; readonly dirname: string }): boolean {
  if (!isCardSlip(slip)) return slip.dirname === epic.dirname && lossy.has(slip.deed);
  return harmful.has(slip.kind) && slip.card.split("/")[0] === epic.reference;
}

/** The epic that a card belongs to by mistake, if any. */
export function misnamed(slip: Slip): readonly string[] {
  return slip.kind === "edit" && slip.field === "reference" ? [slip.value.split("/")[0]!] : [];
}

const harmful: ReadonlySet<CardSlip["kind"]> = new Set(["move-early", "drag", "remove", "close", "edit"]);

const text = z.string().max(200);
const lane = z.int().min(1).max(11);
const pauseMs = z.int().min(0).max(60_000);
const onCard = { card: text, lane };

export const slipSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("move-early"), ...onCard }),
  z.strictObject({ kind: z.literal("move-back"), ...onCard, to: lane }),
  z.strictObject({ kind: z.literal("label"), ...onCard, tag: z.string().min(1).max(40) }),
  z.strictObject({ kind: z.literal("form-save"), ...onCard, afterMs: pauseMs }),
  z.strictObject({ kind: z.literal("old-form"), ...onCard, afterMs: pauseMs }),
  z.strictObject({ kind: z.literal("drag"), ...onCard, to: lane, backAfterMs: pauseMs.nullable() }),
  z.strictObject({ kind: z.literal("remove"), ...onCard }),
  z.strictObject({ kind: z.literal("close"), ...onCard, reopenAfterMs: pauseMs }),
  z.strictObject({
    kind: z.literal("edit"),
    ...onCard,
    field: z.enum(["title", "reference"]),
    value: text.min(1),
    mendAfterMs: pauseMs,
  }),
  z.strictObject({
    kind: z.literal("approved-file"),
    dirname: text,
    path: text,
    deed: z.enum(fileDeeds),
    afterMs: z.int().min(0).max(600_000),
  }),
]);
