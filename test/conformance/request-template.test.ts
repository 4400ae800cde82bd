import { expect, test } from "vitest";
import { fillBody, learnNames } from "../../src/conformance/request-template.ts";
import type { RecordedCall } from "../../src/conformance/recording.ts";

const call: RecordedCall = {
  type: "call",
  n: 1,
  method: "updateTask",
  req: {
    method: "POST",
    path: "/jsonrpc.php",
    headers: {},
    auth: null,
    body: '{ "id": 3, "text": "id:3", "as": "3" }',
  },
  tmpl: { id: { $ref: "t" }, text: { $fmt: "id:{t}" }, as: { $refs: "t" } },
  t: 0,
  ms: 0,
  res: { status: 200, headers: {}, body: "" },
  hooks: [],
};

test("the ids that a server gave stand in the body, as numbers, texts and inside texts", () => {
  const filled = fillBody(call, new Map([["t", "3"]]), new Map([["t", "41"]]));
  expect(filled).toEqual({ kind: "ok", body: '{"id":41,"text":"id:41","as":"41"}' });
});

test("where the ids are the same the body is sent byte for byte as recorded", () => {
  expect(fillBody(call, new Map([["t", "3"]]), new Map([["t", "3"]]))).toEqual({ kind: "ok", body: call.req.body });
});

test("an id that the server did not give is named", () => {
  expect(fillBody(call, new Map([["t", "3"]]), new Map())).toEqual({ kind: "unknown", name: "t" });
});

test("names are learned from the answer, and forgotten when it refuses", () => {
  const names = new Map<string, string>();
  const creation = { ...call, bind: { t: "result", c: "result.1.id" } };
  learnNames(creation, '{"result":7}', names);
  expect([...names]).toEqual([["t", "7"]]);
  learnNames(creation, '{"result":[{"id":1},{"id":2}]}', names);
  expect([...names]).toEqual([["c", "2"]]);
  learnNames(creation, '{"result":false}', names);
  expect([...names]).toEqual([]);
});
