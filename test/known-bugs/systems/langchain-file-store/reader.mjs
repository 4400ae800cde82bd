import { LocalFileStore } from "@langchain/classic/storage/file_system";

const store = await LocalFileStore.fromPath("store");
const [value] = await store.mget(["card-1"]);
const text = new TextDecoder().decode(value);
if (!/^(?:a+|b+)$/.test(text)) throw new Error(`the file is of nobody: ${text}`);
