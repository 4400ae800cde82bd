import * as fc from "fast-check";
import { expect, test } from "vitest";
import { mergeManifest, newManifest, type ManifestMerge } from "../../../src/cli/init/manifest.ts";

const needs = { versions: { stormlane: "^1.0.0", vitest: "^5.0.0" }, hasScenarios: true };

const names = fc.constantFrom("test", "stormlane", "build", "vitest", "left-pad");
const part = fc.dictionary(names, fc.string(), { maxKeys: 4, noNullPrototype: true });
const manifests = fc.record(
  { name: fc.string(), type: fc.constant("module"), scripts: part, dependencies: part, devDependencies: part },
  { requiredKeys: [] },
);

test("whatever stood in a manifest stands there afterwards, in its order, and what is needed as well", () => {
  fc.assert(
    fc.property(manifests, fc.constantFrom("\t", "  ", "    "), (manifest, indent) => {
      const before = `${JSON.stringify(manifest, undefined, indent)}\n`;
      const { after } = merged(before);
      const result = JSON.parse(after) as typeof manifest;
      expect(result).toMatchObject(manifest);
      expect(Object.keys(result).slice(0, Object.keys(manifest).length)).toEqual(Object.keys(manifest));
      expect(Object.keys(result.scripts ?? {})).toEqual(expect.arrayContaining(["stormlane", "test"]));
      const packages = { ...result.dependencies, ...result.devDependencies };
      expect(Object.keys(packages)).toEqual(expect.arrayContaining(["stormlane", "vitest"]));
      expect(merged(after).after).toBe(after);
    }),
  );
});

test("shows what came in, keeps the indentation, and does not touch a manifest that lacks nothing", () => {
  const before = `{\n    "type": "module",\n    "scripts": { "test": "mocha" }\n}`;
  const { after, added, isModule } = merged(before);
  expect(added).toEqual([
    'scripts: "stormlane": "stormlane run"',
    'devDependencies: "stormlane": "^1.0.0"',
    'devDependencies: "vitest": "^5.0.0"',
  ]);
  expect(after).toContain('\n    "scripts": {\n        "test": "mocha",\n        "stormlane": "stormlane run"\n    }');
  expect(after.endsWith("}")).toBe(true);
  expect(isModule).toBe(true);
  expect(merged(after)).toMatchObject({ after, added: [] });
});

test("says what it cannot merge, and whether a file is an ES module by its name alone", () => {
  expect(mergeManifest("{", needs)).toBe("is not JSON");
  expect(mergeManifest("[]", needs)).toBe("holds no object");
  expect(mergeManifest('{"scripts": []}', needs)).toBe("scripts is no object");
  expect(merged('{"type": "commonjs"}').isModule).toBe(false);
  expect(merged("{}").isModule).toBe(false);
});

test("a new manifest is named as its folder, as far as npm allows", () => {
  fc.assert(
    fc.property(fc.string(), (folder) => {
      const { name } = JSON.parse(newManifest(folder, needs).after) as { name: string };
      expect(name).toMatch(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/);
    }),
  );
  expect(newManifest("My Shop!", { ...needs, hasScenarios: false }).after).toContain('"name": "my-shop"');
  expect(newManifest("shop", { ...needs, hasScenarios: false }).after).not.toContain("stormlane run");
});

function merged(before: string): ManifestMerge {
  const merge = mergeManifest(before, needs);
  if (typeof merge === "string") throw new Error(merge);
  return merge;
}
