import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import type { JsonObject } from "../../src/base/json.ts";
import { brokenText, checkContracts, contracts, type Contract } from "../../tools/contracts/contracts.ts";
import { commandLine } from "../../tools/contracts/command-line.ts";
import { contractsCommand } from "../../tools/contracts/contracts-command.ts";
import { driftOf, judgeDrift } from "../../tools/contracts/drift.ts";
import { shapeOf } from "../../tools/contracts/shape.ts";
import { commandTree } from "../../tools/docs/command-tree.ts";

const repository = fileURLToPath(new URL("../../", import.meta.url));

/** Frozen as they are now. */
function frozenRoot(allowed?: readonly JsonObject[]): string {
  const root = mkdtempSync(join(tmpdir(), "stormlane-contracts-"));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const { freeze } of contracts) freeze?.(root);
  mkdirSync(join(root, "decisions"));
  writeFileSync(join(root, "decisions/colours.md"), "# Colours\n");
  if (allowed !== undefined) writeFileSync(join(root, "contracts/allowed.json"), JSON.stringify(allowed));
  return root;
}

function contractNamed(name: string): Contract {
  return contracts.find((contract) => contract.name === name)!;
}

/** The contract with one more member, at this path of what it publishes. */
function planted(name: string, path: readonly string[], value: JsonObject[string]): Contract {
  const current = (): JsonObject => {
    const document = structuredClone(contractNamed(name).current());
    let place = document;
    for (const step of path.slice(0, -1)) place = place[step] as JsonObject;
    expect(place, path.join("/")).toBeTypeOf("object");
    (place as Record<string, unknown>)[path.at(-1)!] = value;
    return document;
  };
  return { ...contractNamed(name), current };
}

const extraFields: readonly (readonly [contract: string, path: readonly string[], value: JsonObject[string]])[] = [
  ["public-api", ["stormlane", "runEverything"], "function runEverything(): void"],
  ["command-line", ["commands", "stormlane run", "flags", "--colour <name>"], {}],
  ["board-wire", ["webhooks", "task.create", "event_data.colour"], "string"],
  ["model-wire", ["/v1/messages", "answer", "colour"], "string"],
  ["report-schemas", ["run-v1.schema.json", "properties", "colour"], { type: "string" }],
];

describe("a frozen contract", () => {
  test.each(contracts.filter(({ freeze }) => freeze !== undefined))(
    "$name is held when nothing changed",
    (contract) => {
      expect(checkContracts(frozenRoot(), [contract])).toEqual([]);
      expect(Object.keys(contract.current()).length).toBeGreaterThan(1);
    },
  );

  test.each(extraFields)("%s refuses an invented extra field, and names the page to read", (name, path, value) => {
    const root = name === "report-schemas" ? repository : frozenRoot();
    const contract = planted(name, path, value);
    const [broken] = checkContracts(root, [contract]).map(({ refused, ...rest }) => ({
      ...rest,
      refused: refused.filter(({ at }) => at.startsWith(path.slice(0, -1).join("/"))),
    }));
    expect(broken!.refused.map(({ at }) => at)).toContain(path.join("/"));
    expect(brokenText(broken!)).toContain("is new");
    expect(brokenText(broken!)).toContain("decisions/contracts.md");
  });

  test("a flag that is renamed and a default that moves are both seen", () => {
    const program = commandTree();
    const frozen = commandLine(program);
    const run = program.commands.find((command) => command.name() === "run")!;
    const seeds = run.options.find(({ long }) => long === "--seeds")!;
    seeds.flags = "--cases <n>";
    const strategy = run.options.find(({ long }) => long === "--strategy")!;
    strategy.default("surw");
    const at = "commands/stormlane run/flags";
    expect(driftOf(frozen, commandLine(program)).map((drift) => drift.at)).toEqual([
      `${at}/--cases <n>`,
      `${at}/--seeds <n>`,
      expect.stringMatching(/^commands\/stormlane run\/flags\/--strategy <\w+>\/default$/),
    ]);
  });

  test("a wire format without a frozen copy is new as a whole", () => {
    const root = mkdtempSync(join(tmpdir(), "stormlane-contracts-"));
    onTestFinished(() => rmSync(root, { recursive: true }));
    const [broken] = checkContracts(root, [contractNamed("model-wire")]);
    expect(broken!.refused.map(({ at }) => at)).toContain("/v1/messages");
  });
});

describe("what is allowed to differ", () => {
  const colour = ["webhooks", "task.create", "event_data.colour"];
  const entry = { contract: "board-wire", at: colour.join("/"), why: "asked for", decision: "decisions/colours.md" };

  test("is refused no more, with a reason and a page", () => {
    expect(checkContracts(frozenRoot([entry]), [planted("board-wire", colour, "string")])).toEqual([]);
  });

  test("is refused when it differs no longer, so that the list stays short", () => {
    const [broken] = checkContracts(frozenRoot([entry]), [contractNamed("board-wire")]);
    expect(brokenText(broken!)).toMatch(
      /is allowed to differ.*and does not[^]*remove it from contracts\/allowed\.json/,
    );
  });

  test("needs a reason, a contract that exists, and a decision that was written", () => {
    const check = (change: JsonObject) => () => checkContracts(frozenRoot([{ ...entry, ...change }]), []);
    expect(check({})).not.toThrow();
    expect(check({ why: "" })).toThrow(/allowed\.json[^]*why/);
    expect(check({ contract: "nothing" })).toThrow(/allowed\.json[^]*contract/);
    expect(check({ decision: "decisions/nowhere.md" })).toThrow("there is no page decisions/nowhere.md");
  });

  test("covers a place and what is below it, and nothing beside it", () => {
    const drift = ["a/b", "a/b/c", "a/bc"].map((at) => ({ at, what: "is gone" }));
    const allowed = [{ contract: "x", at: "a/b", why: "w", decision: "decisions/colours.md" }];
    expect(judgeDrift("x", drift, allowed).refused.map(({ at }) => at)).toEqual(["a/bc"]);
    expect(judgeDrift("y", drift, allowed).refused).toHaveLength(3);
  });
});

describe("the command", () => {
  function run(root: string, ...args: readonly string[]) {
    const said: string[] = [];
    const complained: string[] = [];
    const settings = {
      root,
      say: (line: string) => said.push(line),
      complain: (text: string) => complained.push(text),
    };
    const exitCode = contractsCommand(args, settings);
    return { exitCode, said: said.join("\n"), complained: complained.join("\n") };
  }

  test("ends with 0 when all is as it was, and with 1 when it is not, until the copy is renewed", () => {
    const root = frozenRoot();
    expect(run(root, "--check", "board-wire", "model-wire")).toMatchObject({ exitCode: 0, complained: "" });
    const path = join(root, "contracts/model-wire.json");
    writeFileSync(path, readFileSync(path, "utf8").replaceAll("stop_reason", "stop_cause"));
    const drifted = run(root, "--check", "board-wire", "model-wire");
    expect(drifted).toMatchObject({ exitCode: 1, said: "" });
    expect(drifted.complained).toContain("/v1/messages/answer/stop_cause is gone");
    expect(drifted.complained).toContain("npm run frozen -- --update model-wire");
    expect(run(root, "--update", "model-wire").exitCode).toBe(0);
    expect(run(root, "--check", "model-wire").exitCode).toBe(0);
  });

  test.each([
    [[], "usage"],
    [["--chek"], "usage"],
    [["--check", "board"], "there is no contract board: there are public-api"],
    [["--update"], "needs the names"],
    [["--update", "report-schemas"], "node tools/freeze-schemas.ts"],
  ])("refuses %j", (args, why) => {
    const refused = run(frozenRoot(), ...args);
    expect(refused.exitCode).toBe(2);
    expect(refused.complained).toContain(why);
  });
});

describe("drift", () => {
  const documents = fc.jsonValue().map((value) => ({ value })) as fc.Arbitrary<JsonObject>;

  test("there is none between equal documents, and some between others, whichever was first", () => {
    fc.assert(
      fc.property(documents, documents, (left, right) => {
        expect(driftOf(left, structuredClone(left))).toEqual([]);
        const isSame = driftOf(left, right).length === 0;
        expect(driftOf(right, left).length === 0).toBe(isSame);
      }),
    );
  });

  test("names the top of what is new or gone, and both values of what changed", () => {
    const drift = driftOf({ a: 1, b: { c: 2 }, d: [1, 2] }, { a: 1, d: [2, 1], e: { f: 1 } });
    expect(drift).toEqual([
      { at: "b", what: "is gone" },
      { at: "d", what: "was [1,2] and is [2,1]" },
      { at: "e", what: `is new: {"f":1}` },
    ]);
  });

  test("of a member that is named as one that every object inherits, it is as of any other", () => {
    expect(driftOf({ a: {} }, { a: { valueOf: 0 } })).toEqual([{ at: "a/valueOf", what: "is new: 0" }]);
    expect(driftOf({ a: { constructor: 0 } }, { a: {} })).toEqual([{ at: "a/constructor", what: "is gone" }]);
  });

  test("shows of long texts the place at which they part", () => {
    const head = "interface Many { ".padEnd(400, "x");
    const [drift] = driftOf({ Many: `${head} one: number }` }, { Many: `${head} one: string }` });
    expect(drift!.what).toMatch(/^was …x+ one: number \}" and is …x+ one: string \}"$/);
    expect(drift!.what.length).toBeLessThan(200);
  });

  test("the shape of documents is their members and the kinds of their values, of all together", () => {
    expect(
      shapeOf([
        { id: 1, tags: ["a", null] },
        { id: "x", card: { open: true } },
      ]),
    ).toEqual({
      card: "object",
      "card.open": "boolean",
      id: "number or string",
      tags: "list",
      "tags[]": "null or string",
    });
  });
});
