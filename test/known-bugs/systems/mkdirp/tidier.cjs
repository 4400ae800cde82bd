const { rmdir } = require("node:fs/promises");

/** Takes away what stands empty. */
async function tidy() {
  for (let round = 0; round < 2; round++) {
    await rmdir("results/run").catch((error) => {
      if (error.code !== "ENOENT") throw error;
    });
  }
}

void tidy();
