const { rename } = require("node:fs/promises");
const { setTimeout: sleep } = require("node:timers/promises");
const write = require("write");

/** As `worker.cjs`, and the file is whole when it gets its name. */
async function report(text) {
  await sleep(Math.random() * 20);
  const { path } = await write(`reports/card-1.txt.${text}`, text);
  await rename(path, "reports/card-1.txt");
}

const [text, times] = process.argv.slice(2);
void report(text.repeat(Number(times)));
