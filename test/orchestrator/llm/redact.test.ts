import fc from "fast-check";
import { expect, test } from "vitest";
import { redact } from "../../../src/orchestrator/llm/redact.ts";

test.each([
  ["authorization: Bearer abc123def456ghi", "authorization: Bearer [redacted]"],
  ['{"authorization":"Basic dXNlcjpwYXNz"}', '{"authorization":"Basic [redacted]"}'],
  ["x-api-key: topsecretvalue", "x-api-key: [redacted]"],
  ['"{\\"api_key\\":\\"topsecretvalue\\"}"', '"{\\"api_key\\":\\"[redacted]\\"}"'],
  ["OPENAI_API_KEY=sk-abcdefghijklmnop1234", "OPENAI_API_KEY=[redacted]"],
  ["key AIzaSyA1234567890abcdefghijklmnopqrstuv here", "key [redacted] here"],
  ["ghp_abcdefghijklmnopqrstuvwxyz0123456789", "[redacted]"],
  ["curl -H 'Authorization: token abcd1234efgh'", "curl -H 'Authorization: token [redacted]'"],
  ["MY_API_KEY=topsecretvalue x-goog-api-key: 12345678", "MY_API_KEY=[redacted] x-goog-api-key: [redacted]"],
  ["clone https://bot:hunter2hunter@git.test/a.git", "clone https://bot:[redacted]@git.test/a.git"],
  ["see https://git.test:8080/a@b", "see https://git.test:8080/a@b"],
  ["-----BEGIN PRIVATE KEY-----\\nabc, and cut off", "[redacted]"],
  ["-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----", "[redacted]"],
])("%j", (text, clean) => {
  expect(redact(text, [])).toBe(clean);
});

test("ordinary words stay", () => {
  const text = "The secret of good tests: a password field must be hidden. Use the token endpoint. skeleton sk-1";
  expect(redact(text, [])).toBe(text);
});

test("of two secrets of which one begins like the other nothing is left", () => {
  expect(redact("a token-1 b token-1-longer", ["token-1", "token-1-longer"])).toBe("a [redacted] b [redacted]");
});

test("a known secret never comes out, as it is or in JSON, whatever stands around it", () => {
  fc.assert(
    fc.property(fc.string({ minLength: 6, maxLength: 40 }), fc.string(), fc.string(), (secret, before, after) => {
      fc.pre(!"[redacted]".includes(secret));
      const text = `${before}${secret}${after}`;
      expect(redact(text, [secret]).includes(secret)).toBe(false);
      const quoted = JSON.stringify({ text });
      expect(redact(quoted, [secret]).includes(JSON.stringify(secret).slice(1, -1))).toBe(false);
    }),
  );
});
