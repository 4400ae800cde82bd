import { KnowledgeGraphManager } from "@modelcontextprotocol/server-memory/dist/index.js";

const { entities } = await new KnowledgeGraphManager("memory.jsonl").readGraph();
const names = entities.map(({ name }) => name).sort();
if (names.join() !== "left,right") throw new Error(`of left and right it remembers ${names.join(" and ")}`);
