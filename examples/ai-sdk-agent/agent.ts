/**
 * Cuts cards into parts: looks over the board every few seconds, gives each card of one column to an agent that writes the
 * parts on it with a tool, and moves the card on. What fails is tried again on the next round.
 */
import { createOpenAI } from "@ai-sdk/openai";
import { generateText, stepCountIs } from "ai";
import { setTimeout as sleep } from "node:timers/promises";
import { columnOf, moveCard, openCards, type Card } from "./board.ts";
import { writeAlways, writeOnce } from "./tools.ts";

const { OPENAI_BASE_URL = "", OPENAI_API_KEY = "" } = process.env;
const provider = createOpenAI({ baseURL: OPENAI_BASE_URL, apiKey: OPENAI_API_KEY });
const writeParts = process.env["WRITE"] === "once" ? writeOnce : writeAlways;

/** The loop is the SDK's: it asks the model, calls the tool, tells the model what came of it, and asks again. */
async function cut(card: Card): Promise<void> {
  await generateText({
    model: provider.chat("planner"),
    tools: { writeParts: writeParts(card) },
    stopWhen: stepCountIs(5),
    prompt: `key: ${card.title}\nCut this card into parts, and write them on it: ${card.title}`,
  });
}

async function cutAll(): Promise<void> {
  const [toCut, done] = [await columnOf("To cut"), await columnOf("Done")];
  if (done === undefined) return;
  const cards = await openCards();
  for (const card of cards.filter(({ column_id }) => column_id === toCut)) {
    await cut(card);
    await moveCard(card.id, done);
  }
}

for (;;) {
  await cutAll().catch((error: unknown) => process.stderr.write(`again on the next round: ${String(error)}\n`));
  await sleep(5_000);
}
