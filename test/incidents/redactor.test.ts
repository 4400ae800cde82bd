import * as fc from "fast-check";
import { expect, test } from "vitest";
import { read, serveLine } from "./read.ts";

const secrets = {
  bearer: "Bearer abcdefghijklmnop1234567890",
  openai: "sk-proj-abcdefghijklmnopqrstuvwx",
  github: "ghp_abcdefghijklmnopqrstuvwxyz0123456789",
  url: "https://bot:s3cretpass@board.example/jsonrpc.php?token=s3crettoken",
  mail: "alice.example@example.com",
  name: "Alice Example",
};

test("nothing of secrets and persons is left of a log, wherever they stand", () => {
  const anything = fc.constantFrom(...Object.values(secrets));
  fc.assert(
    fc.property(anything, anything, anything, (first, second, third) => {
      const contents = read({
        "serve.log": serveLine("2026-01-05T09:00:00Z", "poller-1", "run.finished", {
          card: first,
          epic: second,
          scope: third,
          reason: `the board answered 502 to ${first}`,
          note: second,
        }),
        "hooks.log": JSON.stringify({
          at: 1767603601,
          authorization: first,
          event_name: "task.create",
          event_author: third,
          event_data: { task: { id: 1, title: first, description: second, reference: third, date_moved: 1 } },
        }),
        "model.log": JSON.stringify({
          at: 1767603601,
          request: { model: first, headers: { authorization: second }, messages: [{ content: third }] },
          response: { status: 500, error: { message: first } },
        }),
        "access.log": `10.0.0.1 - ${first} [05/Jan/2026:09:00:00 +0000] "GET /webhook/${encodeURIComponent(second)}?token=${encodeURIComponent(third)} HTTP/1.1" 200 1 "${first}" "${second}"`,
        "activity.json": JSON.stringify([
          {
            id: 1,
            date_creation: 1767603601,
            event_name: "task.create",
            author_username: first,
            author_name: second,
            email: third,
            task: { id: 1, title: first },
          },
        ]),
        "broken.log": `{"token": "${first}"`,
      });
      const kept = JSON.stringify(contents);
      for (const secret of Object.values(secrets)) expect(kept).not.toContain(secret);
      expect(kept).not.toMatch(/s3cret|alice|sk-proj|ghp_|abcdefghijklmnop/i);
    }),
  );
});

test("texts are kept when they are asked for, and secrets in them are not", () => {
  const row = {
    id: 1,
    date_creation: 1767603601,
    event_name: "task.create",
    author_username: "alice",
    task: { id: 1, title: "Rings", description: `Key: ${secrets.openai}, api_key=hunter2secret`, reference: "E1" },
  };
  const kept = JSON.stringify(read({ "activity.json": JSON.stringify([row]) }, { keepsText: true }));
  expect(kept).toContain("Rings");
  expect(kept).not.toMatch(/sk-proj|hunter2secret|alice/);
});

test("what relates events to each other stays the same thing in all logs", () => {
  const { events } = read({
    a: serveLine("2026-01-05T09:00:00Z", "poller-1", "run.started", { card: "Fix Alice's ring" }),
    b: serveLine("2026-01-05T09:00:01Z", "poller-1", "run.finished", { card: "Fix Alice's ring" }),
  });
  expect(events.map((event) => event.kind === "note" && event.fields["card"])).toEqual(["key-1", "key-1"]);
});
