import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

const { scripts } = JSON.parse(readText("package.json")) as { readonly scripts: Readonly<Record<string, string>> };
const check = readText(".ci/run");

/** What is wrong with the local run of the whole check: it must stop at what fails, and call scripts that there are. */
function problemsOf(text: string): string[] {
  const called = [...text.matchAll(/npm (?:run )?((?<=run )\w[\w:-]*|start|test)/g)].map((match) => match[1]!);
  return [
    ...(/^set -euo pipefail$/m.test(text) ? [] : ["goes on after a step that failed"]),
    ...(text.match(/\|\| *(?:true\b|:)|set \+e/g) ?? []).map((hiding) => `hides a failure: ${hiding}`),
    ...called
      .filter((script) => !Object.hasOwn(scripts, script))
      .map((script) => `calls ${script}, which there is not`),
    ...[
      "check",
      "test",
      "test:clients",
      "test:examples",
      "test:known-bugs",
      "test:redis",
      "test:terminal",
      "test:browser",
      "test:package",
      "docs:build",
    ]
      .filter((script) => !called.includes(script))
      .map((script) => `leaves out ${script}`),
  ];
}

describe("the local run of the whole check", () => {
  test("lets no step fail unseen, and leaves none out", () => {
    expect(problemsOf(check)).toEqual([]);
  });

  test.each([
    ["set -euo pipefail", "set -eu", "goes on after a step that failed"],
    ["npm run check", "npm run check || true", "hides a failure: || true"],
    ["npm run check", "npm run check ||:", "hides a failure: ||:"],
    ["npm run check", "set +e; npm run check", "hides a failure: set +e"],
    ["npm run newcomer", "npm run newcommer", "calls newcommer, which there is not"],
    ["npm run test:redis", "npm run types", "leaves out test:redis"],
  ])("is refused with %s made %s", (from, to, found) => {
    expect(problemsOf(check.replace(from, to))).toContain(found);
  });
});

function readText(path: string): string {
  return readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
}
