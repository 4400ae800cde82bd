import { expect, test } from "vitest";
import { Redaction } from "../../src/conformance/redaction.ts";
import { callsOf } from "../../src/conformance/recording.ts";
import { compareWith, loadRecording } from "./recordings.ts";

const secrets = /\$2y\$10\$[./A-Za-z0-9]{53}|[0-9a-f]{40,60}|"etag":"[0-9a-f]{32}"/g;

test.each(["a02-projects", "a10-files", "a11-users-permissions"])(
  "%s keeps no secret, and compares as before",
  (name) => {
    const recording = loadRecording(name);
    const redaction = new Redaction("");
    const redacted = callsOf(recording).map((call) => redaction.ofCall(call));
    const found = new Set(JSON.stringify(callsOf(recording)).match(secrets));
    expect(found.size).toBeGreaterThan(0);
    const text = JSON.stringify(redacted);
    expect([...found].filter((secret) => text.includes(secret))).toEqual([]);
    expect(compareWith(recording, redacted)).toEqual([]);
  },
);

test("the application token becomes a placeholder wherever it stands", () => {
  const token = "5f".repeat(30);
  const redaction = new Redaction(token);
  const [call] = callsOf(loadRecording("a16-webhook-off"));
  const redacted = redaction.ofCall({
    ...call!,
    req: { ...call!.req, auth: `jsonrpc:${token}` },
    res: { ...call!.res, body: `{"result":"${token}"}` },
  });
  expect(JSON.stringify(redacted)).not.toContain(token);
  expect(redacted.req.auth).toBe(`jsonrpc:${redaction.apiTokenPlaceholder}`);
});
