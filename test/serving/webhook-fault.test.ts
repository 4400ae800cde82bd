import { describe, expect, onTestFinished, test } from "vitest";
import { Body } from "../../src/base/body.ts";
import type { HttpRequest } from "../../src/ports/http.ts";
import type { DeliveryFault } from "../../src/serving/fault-spec.ts";
import { ServedFakes } from "../../src/serving/served-fakes.ts";
import { ServingClock } from "../../src/serving/serving-clock.ts";

/** A board whose webhooks are struck by a fault: the events that arrive, in order, once two cards are there. */
async function eventsUnder(fault: DeliveryFault): Promise<{ events: readonly string[]; fakes: ServedFakes }> {
  const events: string[] = [];
  const fakes = new ServedFakes({
    clock: new ServingClock({ speed: 0 }),
    scenario: {
      board: { webhook: { url: "http://receiver.test/hook", timeLimitMs: 1_000 }, projects: [{ name: "shop" }] },
      faults: [{ service: "webhook", match: { procedure: "task.create" }, fault }],
    },
    send: ({ body }: HttpRequest) => {
      const { event_data: data } = body!.json() as { event_data: { task: { title: string } } };
      events.push(data.task.title);
      return Promise.resolve({ kind: "ok", value: { status: 200, headers: {}, body: Body.ofText("received") } });
    },
  });
  onTestFinished(() => fakes.close());
  for (const title of ["first", "second"]) {
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "createTask", params: { title, project_id: 1 } });
    const headers = { authorization: `Basic ${btoa("jsonrpc:stormlane")}` };
    const request = new Request("http://board.test/jsonrpc.php", { method: "POST", headers, body });
    // Kanboard ignores what becomes of a webhook.
    expect(await (await fakes.board.fetch(request)).json()).toMatchObject({ result: title === "first" ? 1 : 2 });
  }
  return { events, fakes };
}

describe("a webhook that a fault strikes, once", () => {
  test.each<[DeliveryFault, readonly string[], string]>([
    [{ kind: "refused" }, ["second"], "ECONNREFUSED"],
    [{ kind: "request-lost" }, ["second"], "ETIMEDOUT"],
    [{ kind: "answered-with", status: 502, effect: "none" }, ["second"], "502"],
    [{ kind: "answered-with", status: 502, effect: "done" }, ["first", "second"], "502"],
    [{ kind: "request-delayed", delayMs: 500 }, ["first", "second"], "200"],
    [{ kind: "answer-lost" }, ["first", "second"], "ETIMEDOUT"],
    [{ kind: "answer-reset" }, ["first", "second"], "ECONNRESET"],
    [{ kind: "answer-delayed", delayMs: 500 }, ["first", "second"], "200"],
    [{ kind: "answer-delayed", delayMs: 5_000 }, ["first", "second"], "ETIMEDOUT"],
    [{ kind: "answer-truncated", keepPermille: 500 }, ["first", "second"], "200"],
    [{ kind: "body-stalled", afterPieces: 0 }, ["first", "second"], "ETIMEDOUT"],
    [{ kind: "body-cut", afterPieces: 0 }, ["first", "second"], "ECONNRESET"],
    [{ kind: "body-dripped", pieceChars: 4, everyMs: 499 }, ["first", "second"], "200"],
    [{ kind: "body-dripped", pieceChars: 4, everyMs: 500 }, ["first", "second"], "ETIMEDOUT"],
  ])("%j", async (fault, arrived, detail) => {
    const { events, fakes } = await eventsUnder(fault);
    expect(events).toEqual(arrived);
    const lines = fakes.journal
      .since(0)!
      .slice(1)
      .map((line) => JSON.parse(line) as { [name: string]: unknown });
    expect(lines.find(({ kind }) => kind === "fault")).toMatchObject({ fault: fault.kind });
    const ends = lines.filter(({ kind, op }) => kind === "answered" && (op as { process: string }).process === "board");
    expect(ends.map((end) => end["detail"])).toEqual([detail, "200"]);
  });

  test.each<DeliveryFault>([
    { kind: "request-duplicated", afterMs: 10 },
    { kind: "request-delayed", delayMs: 5_000 },
  ])("arrives in the end, twice or late: %j", async (fault) => {
    const { events } = await eventsUnder(fault);
    const times = fault.kind === "request-duplicated" ? 3 : 2;
    while (events.length < times) await new Promise((resolve) => setImmediate(resolve));
    expect(events.toSorted()).toEqual(times === 3 ? ["first", "first", "second"] : ["first", "second"]);
  });
});

test("a webhook has no failures of its own", () => {
  const faults = [{ service: "webhook" as const, fault: { kind: "service-fault" as const, name: "busy" } }];
  expect(() => new ServedFakes({ scenario: { faults } })).toThrow("faults: webhook: busy");
});
