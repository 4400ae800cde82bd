import { Annotation, END, MemorySaver, START, StateGraph } from "@langchain/langgraph";
import { ChatOpenAI } from "@langchain/openai";
import { comment } from "./board.ts";

const { OPENAI_BASE_URL = "", OPENAI_API_KEY = "" } = process.env;
const model = new ChatOpenAI({ model: "planner", apiKey: OPENAI_API_KEY, configuration: { baseURL: OPENAI_BASE_URL } });

const State = Annotation.Root({
  card: Annotation<number>,
  title: Annotation<string>,
  plan: Annotation<string>,
  /** Which move of the card the plan that stands on it belongs to. */
  plannedMove: Annotation<number>,
  move: Annotation<number>,
});

/** Plans a card once for each time that people move it: what it has done stands in the checkpoint of the card's thread. */
export const graph = new StateGraph(State)
  .addNode("think", async ({ title }) => ({ plan: (await model.invoke(`Write a plan for: ${title}`)).text }))
  .addNode("write", async ({ card, plan, move }) => {
    await comment(card, `Plan: ${plan}`);
    return { plannedMove: move };
  })
  .addConditionalEdges(START, ({ plannedMove, move }) => (plannedMove === move ? END : "think"), ["think", END])
  .addEdge("think", "write")
  .addEdge("write", END)
  .compile({ checkpointer: new MemorySaver() });
