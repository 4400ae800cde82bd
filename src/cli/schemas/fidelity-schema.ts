import { z } from "zod";
import { fidelities } from "../../fidelity/comparison.ts";
import { aspects } from "../../fidelity/normal-form.ts";
import { count, head, milliseconds, seed } from "./document-parts.ts";

const figures = z.object({
  requests: count.describe("of the system, to board and models"),
  changes: count.describe("of board and models, by the system"),
  files: count.describe("written, changed or removed"),
  programs: count.describe("started"),
});

const action = z.object({ atMs: count });

/** `fidelity --json`. */
export const fidelitySchema = z.object({
  ...head("fidelity"),
  ok: z.boolean().describe("nothing differs"),
  system: z.string(),
  processes: z.array(z.string()),
  seed,
  workload: z
    .object({
      cards: z.array(action.extend({ column: count })),
      moves: z.array(action.extend({ card: count, column: count })),
    })
    .describe("what people do, and when after they begin"),
  forMs: milliseconds.describe("how long people are there, in each run"),
  facts: count.describe("that were compared"),
  runs: z.object({ simulation: figures, loopback: figures, processes: figures }),
  helpedWith: z.array(z.string()).describe("what Node alone cannot load, and was loaded as in the simulation"),
  differences: z.array(
    z.object({
      aspect: z.enum(aspects),
      process: z.string().nullable(),
      subject: z.string(),
      values: z.object({
        simulation: z.string().nullable(),
        loopback: z.string().nullable(),
        processes: z.string().nullable(),
      }),
      odd: z.enum([...fidelities, "none"]).describe("which one stands alone"),
      hint: z.object({
        at: z.enum(["fake", "port", "timing", "chance", "process", "follows"]),
        why: z.string(),
      }),
    }),
  ),
  wallMs: milliseconds,
});
