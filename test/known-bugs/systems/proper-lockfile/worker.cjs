const { mkdir, rmdir } = require("node:fs/promises");
const { setTimeout: sleep } = require("node:timers/promises");
const lockfile = require("proper-lockfile");

/** Does what only one may do at a time. */
async function work() {
  await sleep(Math.random() * 20);
  let release;
  try {
    release = await lockfile.lock("state.json");
  } catch {
    return; // Somebody else has it.
  }
  await mkdir("in-use").catch((cause) => {
    throw new Error("two hold the lock", { cause });
  });
  await sleep(100);
  await rmdir("in-use");
  await release();
}

void work();
