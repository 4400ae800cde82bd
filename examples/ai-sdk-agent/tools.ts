import { tool, type Tool } from "ai";
import { z } from "zod";
import { comment, commentsOf, makeTag, type Card } from "./board.ts";

const description = "Writes the parts of the work on the card.";
const inputSchema = z.object({ text: z.string() });

/** What an agent that cuts this card may do to it. */
export type WriteParts = (card: Card) => Tool<z.infer<typeof inputSchema>, string>;

/** Writes each time it is called. */
export const writeAlways: WriteParts = ({ id }) =>
  tool({
    description,
    inputSchema,
    async execute({ text }): Promise<string> {
      await comment(id, text);
      return "Written.";
    },
  });

/**
 * Writes once between two moves of the card, whoever asks how often. The tag remembers that somebody began, whatever
 * becomes of the answer and of this process. Where there is a tag and no comment, the comment may be on its way.
 */
export const writeOnce: WriteParts = ({ id, date_moved }) =>
  tool({
    description,
    inputSchema,
    async execute({ text }): Promise<string> {
      if ((await makeTag(`cut ${id} at ${date_moved}`)) !== false) {
        await comment(id, text);
        return "Written.";
      }
      return (await commentsOf(id)).includes(text) ? "Written." : "It may be on its way: leave it to people.";
    },
  });
