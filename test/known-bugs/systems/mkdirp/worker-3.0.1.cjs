const { mkdirp: makeFolders } = require("mkdirp-3.0.1");

/** As `worker.cjs`. */
async function work() {
  for (let round = 0; round < 2; round++) await makeFolders("results/run");
}

void work();
