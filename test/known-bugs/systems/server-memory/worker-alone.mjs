import { mkdir, rmdir } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { KnowledgeGraphManager } from "@modelcontextprotocol/server-memory/dist/index.js";

/** As `worker.mjs`, one at a time. */
const memory = new KnowledgeGraphManager("memory.jsonl");
await sleep(Math.random() * 20);
while (!(await mkdir("memory.lock").then(() => true, isTaken))) await sleep(5);
await memory.createEntities([{ name: process.argv[2], entityType: "card", observations: [] }]);
await rmdir("memory.lock");

function isTaken(error) {
  if (error.code !== "EEXIST") throw error;
  return false;
}
