/**
 * The poller as it is tested without a simulation: under vitest, its timers faked, its requests taken by msw. Each test is what
 * a run is to us: one life of the poller, for a minute. `vitest-peer.ts` starts it, and says how many tests of which kind.
 */
import type { HttpHandler } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { stormlaneHandlers } from "../../../src/msw/stormlane.ts";
import { pollMs, polls, readyAnswers, requestsAfter, type Peer } from "./peer.ts";

const peer = JSON.parse(process.env["PEER"]!) as Peer;
const { KANBOARD_URL, KANBOARD_TOKEN, OPENAI_BASE_URL } = process.env as Record<string, string>;
const server = setupServer();
const turnForReal = setImmediate;
let answers = 0;

beforeAll(() => {
  server.listen({ onUnhandledFrame: "error" });
  server.events.on("response:mocked", () => {
    answers++;
  });
});

afterAll(() => server.close());

beforeEach(() => {
  answers = 0;
  server.use(...handlers());
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
  server.resetHandlers();
  if (peer.freshModules) vi.resetModules();
});

test.each(Array.from({ length: peer.tests }, (_, index) => index))("a card is planned once (%i)", async () => {
  await startPoller();
  for (let poll = 1; poll <= polls; poll++) {
    await vi.advanceTimersByTimeAsync(pollMs);
    while (answers < requestsAfter(poll)) await new Promise((resolve) => turnForReal(resolve));
  }
  expect(answers).toBe(requestsAfter(polls));
});

async function startPoller(): Promise<void> {
  if (peer.freshModules) {
    await import("./poller.ts");
    return;
  }
  const { workReadyCards } = await import("../../../examples/in-process/orchestrator.ts");
  const { planCard } = await import("../../../examples/in-process/plan-card.ts");
  setInterval(() => void workReadyCards(planCard), pollMs);
}

function handlers(): HttpHandler[] {
  if (peer.fakes === "ready") return readyAnswers(KANBOARD_URL!, `${OPENAI_BASE_URL}/chat/completions`);
  return stormlaneHandlers({
    boardOrigin: new URL(KANBOARD_URL!).origin,
    modelOrigins: [new URL(OPENAI_BASE_URL!).origin],
    board: {
      apiToken: KANBOARD_TOKEN!,
      projects: [{ name: "plans", columns: ["Ready"], cards: [{ title: "Card 1" }] }],
    },
    model: { rules: [{ answer: { content: "first this" } }] },
  });
}
