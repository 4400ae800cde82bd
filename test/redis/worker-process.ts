import type { RedisAddress } from "../../src/campaign/queue/redis-address.ts";
import { QueueWorker } from "../../src/campaign/queue/queue-worker.ts";
import { ToyExecutor } from "./toy-executor.ts";

/** A worker in a process of its own, that one seed ends at once, as the system does when memory runs out. */
const [address, poison] = process.argv.slice(2);
await QueueWorker.start({
  address: JSON.parse(address!) as RedisAddress,
  codeHash: "code",
  threads: 1,
  lockMs: 600,
  say: () => {},
  startExecutor: async () =>
    new ToyExecutor((seed) => {
      if (seed === Number(poison)) process.kill(process.pid, "SIGKILL");
    }),
});
