import { expect, onTestFinished, test } from "vitest";
import { readJournal } from "../../src/history/journal.ts";
import type { BoardChange } from "../../src/history/changes.ts";
import { BoardView } from "../../src/invariants/board-view.ts";
import { ServedFakes } from "../../src/serving/served-fakes.ts";

test("invariants see in a served journal what they see in a simulated run", async () => {
  const fakes = new ServedFakes({
    scenario: { board: { projects: [{ name: "shop", columns: ["1. Backlog", "2. PM"] }] } },
  });
  onTestFinished(() => fakes.close());
  const rpc = async (method: string, params: object): Promise<void> => {
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
    const headers = { authorization: `Basic ${btoa("jsonrpc:stormlane")}`, "x-stormlane-process": "poller-a" };
    const request = new Request("http://board.test/jsonrpc.php", { method: "POST", headers, body });
    expect(await (await fakes.board.fetch(request)).text()).toContain('"result":');
  };
  await rpc("createTask", { title: "a story", project_id: 1, reference: "S1", tags: ["ready"] });
  const columns = fakes.summary()["projects"] as readonly { readonly columns: readonly { readonly id: number }[] }[];
  const [, second] = columns[0]!.columns;
  await rpc("moveTaskPosition", { project_id: 1, task_id: 1, column_id: second!.id, position: 1, swimlane_id: 1 });
  await rpc("closeTask", { task_id: 1 });

  const read = readJournal(
    fakes.journal
      .since(0)!
      .map((line) => `${line}\n`)
      .join(""),
  );
  if (read.kind === "bad") throw new Error(read.why);
  const view = new BoardView();
  for (const event of read.events) {
    if (event.kind === "change" && event.change.store === "board") view.observe(event, event.change as BoardChange);
  }
  const card = view.cards.get(1)!;
  expect(card).toMatchObject({ title: "a story", reference: "S1", state: "closed", tags: ["ready"] });
  expect(card.creator).toMatchObject({ process: "poller-a" });
  expect(card.stays).toHaveLength(2);
});
