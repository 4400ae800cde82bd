import { setTimeout as sleep } from "node:timers/promises";
import { LocalFileStore } from "langchain-classic-1.0.50/storage/file_system";

const [text, times] = process.argv.slice(2);
const store = await LocalFileStore.fromPath("store");
await sleep(Math.random() * 20);
await store.mset([["card-1", new TextEncoder().encode(text.repeat(Number(times)))]]);
