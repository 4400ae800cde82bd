const { mkdir, rmdir, stat } = require("node:fs/promises");
const { setTimeout: sleep } = require("node:timers/promises");
const lockfile = require("proper-lockfile");

const staleMs = 10_000;

/** As `worker.cjs`, but a lock that was left over is taken away by one at a time, who looks again before; the package never does. */
async function work() {
  await sleep(Math.random() * 20);
  await removeStale();
  let release;
  try {
    release = await lockfile.lock("state.json", { stale: 2 ** 31, update: staleMs / 2 });
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

async function removeStale() {
  try {
    await mkdir("state.json.reclaim");
  } catch (error) {
    if (error.code === "EEXIST") return;
    throw error;
  }
  const { mtimeMs } = await stat("state.json.lock").catch(() => ({ mtimeMs: Date.now() }));
  if (mtimeMs < Date.now() - staleMs) await rmdir("state.json.lock");
  await rmdir("state.json.reclaim");
}

void work();
