import { setTimeout as sleep } from "node:timers/promises";
import { KnowledgeGraphManager } from "@modelcontextprotocol/server-memory/dist/index.js";

/** An agent's server of its own, with the memory that all agents share. */
const memory = new KnowledgeGraphManager("memory.jsonl");
await sleep(Math.random() * 20);
await memory.createEntities([{ name: process.argv[2], entityType: "card", observations: [] }]);
