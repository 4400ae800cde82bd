import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { keepCodeOfTypeStripping } from "../../../src/real/type-stripping.ts";

/** Another thread that runs a file, and answers one request after the other. */
export class Thread {
  private readonly worker: Worker;

  private constructor(worker: Worker) {
    this.worker = worker;
  }

  /** Resolves when the file and all that it imports is loaded. */
  static async start(url: URL, workerData: unknown): Promise<Thread> {
    keepCodeOfTypeStripping();
    const worker = new Worker(url, { workerData, execArgv: [] });
    await once(worker, "message");
    return new Thread(worker);
  }

  async ask(request: unknown): Promise<unknown> {
    this.worker.postMessage(request);
    const [answer] = (await once(this.worker, "message")) as [unknown];
    return answer;
  }

  async end(): Promise<void> {
    await this.worker.terminate();
  }
}
