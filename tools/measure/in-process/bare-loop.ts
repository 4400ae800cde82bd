import { install } from "@sinonjs/fake-timers";
import { setupServer } from "msw/node";
import { systemEnvironment } from "../../../src/cli/system/system-scenario.ts";
import { pollMs, polls, readyAnswers } from "./peer.ts";

/**
 * The body of a test without the test: the same module, its timers moved by hand and its requests taken by msw, for a minute.
 * Each next one runs in what the ones before have left.
 */
export class BareLoop implements AsyncDisposable {
  private readonly server = setupServer();

  constructor() {
    Object.assign(process.env, systemEnvironment);
    this.server.listen({ onUnhandledFrame: "error" });
  }

  async run(): Promise<void> {
    const { workReadyCards } = await import("../../../examples/in-process/orchestrator.ts");
    const { planCard } = await import("../../../examples/in-process/plan-card.ts");
    this.server.use(
      ...readyAnswers(systemEnvironment["KANBOARD_URL"]!, `${systemEnvironment["OPENAI_BASE_URL"]}/chat/completions`),
    );
    const clock = install({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "Date"] });
    let work = Promise.resolve();
    setInterval(() => {
      work = workReadyCards(planCard);
    }, pollMs);
    for (let poll = 0; poll < polls; poll++) {
      await clock.tickAsync(pollMs);
      await work;
    }
    clock.uninstall();
    this.server.resetHandlers();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.close();
  }
}
