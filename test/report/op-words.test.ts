import { expect, test } from "vitest";
import { describeOperation } from "../../src/report/op-words.ts";

test.each([
  ["board.moveTaskPosition", "EPIC-1/S2", "moves card EPIC-1/S2"],
  ["webhook.task.move.column", "EPIC-1", "sends the webhook task.move.column about EPIC-1"],
  ["git.commit", "EPIC-1", "runs git commit for EPIC-1"],
  ["clock.sleep", "", "sleeps"],
  ["disk.write", "claim:EPIC-1/S1", "writes the claim on EPIC-1/S1"],
  ["disk.write", "constructor:x", "writes constructor:x"],
  ["relay.pass", "", "relay.pass"],
  ["relay.pass", "EPIC-1", "relay.pass EPIC-1"],
  ["board.moveTaskPosition", "card 1", "moves card 1"],
  ["board.getTask", "Card 7", "reads Card 7"],
  ["board.getTask", "cardinal", "reads card cardinal"],
  ["board.getTaskTags", "of mice", "reads the tags of of mice"],
  ["board.getTask", "{key} $& {rest}", "reads card {key} $& {rest}"],
])("%s of %j is told as %j", (name, key, words) => {
  expect(describeOperation(name, key)).toBe(words);
});
