import { expect, test } from "vitest";
import { digest64 } from "../../src/base/digest.ts";
import { sourcesOfTruth, type FactName } from "../../src/orchestrator/decide/sources-of-truth.ts";
import { Body } from "../../src/base/body.ts";
import { config } from "./board-world.ts";
import { play } from "./play.ts";

const workspace = "/srv/projects/epic-1";
const worktree = `${workspace}/.agentleeops/worktrees/S1`;

/** By fact: the loser says something else, and the winner wins. */
const scenes: Readonly<Record<FactName, () => Promise<void>>> = {
  async "where a card is"() {
    const { notes } = await play(
      { webhook: true },
      (board) => board.card("EPIC-1")?.lane === 4,
      async (board, { http }) => {
        const task = { id: board.card("EPIC-1")!.id, column_id: 8 };
        await http.request({
          name: "forged",
          key: "event",
          method: "POST",
          url: `http://127.0.0.1:8088/?token=${config.webhook.token}`,
          headers: { "content-type": "application/json" },
          body: Body.ofJson({ event_name: "task.move.column", event_data: { task_id: task.id, task } }),
          timeoutMs: 10_000,
        });
      },
    );
    const runs = notes.filter(({ name, fields }) => name === "run.started" && fields["card"] === "EPIC-1");
    expect(runs.map(({ fields }) => fields["lane"])).toEqual([2, 3, 4, 5, 9]);
  },

  async "whether a cause is done"() {
    const { notes, hands } = await play(
      {},
      (board) => board.card("EPIC-1")?.tags.includes("spawned") === true,
      (board, ports) => board.setTags(ports, "EPIC-1", []),
    );
    const runs = notes.filter(({ name, fields }) => name === "run.started" && fields["card"] === "EPIC-1");
    expect(runs.filter(({ fields }) => fields["lane"] === 5)).toHaveLength(1);
    expect(hands.card("EPIC-1")!.tags).toContain("spawned");
  },

  async "which folder an epic works in"() {
    const { hands } = await play(
      { description: "dirname: elsewhere" },
      (board) => board.card("EPIC-1")?.lane === 3,
      () => Promise.resolve(),
    );
    expect(
      hands.world
        .host("server")
        .disk.list("/srv/projects")
        .map(({ name }) => name),
    ).toEqual(["epic-1"]);
  },

  async "who owns a folder"() {
    const { hands } = await play(
      {},
      (board) => board.card("EPIC-1")?.lane === 4,
      async (_, { files }) => {
        await files.write(`${workspace}/.agentleeops/epic`, `${digest64("EPIC-9")} EPIC-9\n`);
      },
    );
    expect(hands.card("EPIC-1")!.tags.some((tag) => tag.endsWith("-failed"))).toBe(true);
    expect(hands.card("EPIC-1")!.comments.join("\n")).toContain("belongs to EPIC-9");
  },

  async "what is approved"() {
    const { file, notes } = await play(
      {},
      (board) => board.card("EPIC-1")?.tags.includes("locked") === true,
      async (_, { files }) => {
        await files.write(`${workspace}/.agentleeops/ratchet.json`, '{"version":1,"artifacts":{}}');
      },
    );
    expect(notes.some(({ name }) => name === "ratchet.rebuilt")).toBe(true);
    expect(JSON.parse(file(".agentleeops/ratchet.json")!)).toMatchObject({
      artifacts: { "DESIGN.md": { status: "LOCKED" } },
    });
  },

  async "what an approved artifact says"() {
    const { file, hands } = await play(
      {},
      (board) => board.card("EPIC-1")?.tags.includes("locked") === true,
      async (_, { files }) => void (await files.write(`${workspace}/DESIGN.md`, "by hand")),
    );
    expect(file("DESIGN.md")).toContain("Version 0.");
    expect(hands.card("EPIC-1")!.comments.join("\n")).toContain("DESIGN.md was changed");
  },

  async "what a draft says"() {
    const edited = await play(
      {},
      (board) => board.card("EPIC-1")?.tags.includes("design-generated") === true,
      async (_, { files }) => void (await files.write(`${workspace}/DESIGN.md`, "by hand, before anybody approved it")),
    );
    expect(edited.file("DESIGN.md")).toContain("by hand");
    const removed = await play(
      {},
      (board) => board.card("EPIC-1")?.tags.includes("design-generated") === true,
      async (_, { files }) => void (await files.remove(`${workspace}/DESIGN.md`)),
    );
    expect(removed.file("DESIGN.md")).toContain("Version 0.");
  },

  async "which stories there are"() {
    const { hands } = await play(
      {},
      (board) => board.card("EPIC-1/S1") !== undefined,
      (board, ports) => board.createCard(ports, "EPIC-1/S1"),
    );
    const cards = hands.cardsOf("EPIC-1/S1");
    expect(cards.map(({ isOpen }) => isOpen)).toEqual([true, false]);
    expect(cards[1]!.comments.join("\n")).toContain("has a card already");
  },

  async "what a story's code is"() {
    const { file, hands } = await play(
      {},
      (board) => board.card("EPIC-1/S1")?.tags.includes("coding-complete") === true,
      async (_, { files }) => void (await files.write(`${worktree}/src/S1.py`, "by_hand = True\n")),
    );
    expect(file("src/S1.py")).toContain("answer_S1");
    expect(JSON.stringify(hands.attachmentsOf("EPIC-1/S1"))).toContain("CODE_REVIEW_REPORT_S1.json");
  },

  async "where a story is worked"() {
    const { hands, file } = await play(
      {},
      (board) => board.card("EPIC-1/S1")?.tags.includes("coding-complete") === true,
      async (_, { files }) => void (await files.remove(worktree, { recursive: true })),
    );
    expect(hands.card("EPIC-1/S1")).toMatchObject({ lane: 11 });
    expect(file("src/S1.py")).toContain("answer_S1");
  },

  async "who commits"() {
    const { hands, file } = await play(
      {},
      (board) => board.card("EPIC-1/S1")?.lane === 7,
      async (_, { files }) => {
        await files.write(`${workspace}/.git/config`, '{"user.name":"Somebody","user.email":"s@example.test"}');
      },
    );
    const { disk } = hands.world.host("server");
    const commits = disk.list(`${workspace}/.git/commits`).map(({ name }) => file(`.git/commits/${name}`)!);
    expect(commits.length).toBeGreaterThan(1);
    for (const commit of commits) expect(commit).not.toContain("Somebody");
  },
};

test.each(sourcesOfTruth)("$fact: $winner wins over $losers", ({ fact }) => scenes[fact]());

test("nobody wins over itself, and every fact stands once", () => {
  for (const { winner, losers } of sourcesOfTruth) expect(losers).not.toContain(winner);
  expect(new Set(sourcesOfTruth.map(({ fact }) => fact)).size).toBe(sourcesOfTruth.length);
});
