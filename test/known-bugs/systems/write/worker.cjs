const { setTimeout: sleep } = require("node:timers/promises");
const write = require("write");

async function report(text) {
  await sleep(Math.random() * 20);
  await write("reports/card-1.txt", text);
}

const [text, times] = process.argv.slice(2);
void report(text.repeat(Number(times)));
