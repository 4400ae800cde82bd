import { board, model } from "./services.ts";

/** Looks, asks, writes: between the first and the last, somebody else may do the same. */
export async function planCard(card: number, title: string): Promise<void> {
  const comments = await board<{ comment: string }[]>("getAllComments", { task_id: card });
  if (comments.some(({ comment }) => comment.startsWith("Plan: "))) return;
  const plan = await model(`Write a plan for: ${title}`);
  await board("createComment", { task_id: card, user_id: 1, content: `Plan: ${plan}` });
}
