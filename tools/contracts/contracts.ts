import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";
import type { JsonObject } from "../../src/base/json.ts";
import { jsonSchemaOf, publishedSchemas, schemaFileName } from "../../src/cli/schemas/published-schemas.ts";
import { commandTree } from "../docs/command-tree.ts";
import { boardWire } from "./board-wire.ts";
import { commandLine } from "./command-line.ts";
import { driftOf, judgeDrift, type Allowed, type Drift } from "./drift.ts";
import { modelWire } from "./model-wire.ts";
import { publicApi } from "./public-api.ts";

/** Something that others build on, as it was when it was last agreed on. */
export interface Contract {
  /** As `public-api`. */
  readonly name: string;
  /** Who relies on it. */
  readonly readers: string;
  /** What renews the frozen copy. */
  readonly renewal: string;
  /** What is published now. */
  readonly current: () => JsonObject;
  /** The frozen copy below the root of the repository; undefined when there is none. */
  readonly frozen: (root: string) => JsonObject | undefined;
  /** Writes the frozen copy; absent where another tool does. */
  readonly freeze?: (root: string) => void;
}

/** In the order in which they are checked. */
export const contracts: readonly Contract[] = [
  inOneFile("public-api", "code that imports the package", publicApi),
  inOneFile("command-line", "scripts and CI that run commands", () => commandLine(commandTree())),
  inOneFile("board-wire", "orchestrators that talk to the fake Kanboard", boardWire),
  inOneFile("model-wire", "clients that talk to the fake model providers", modelWire),
  {
    name: "report-schemas",
    readers: "programs that read documents and files of Stormlane",
    renewal: "node tools/freeze-schemas.ts",
    current: () => Object.fromEntries(publishedSchemas.map((each) => [schemaFileName(each), jsonSchemaOf(each)])),
    frozen: (root) => {
      const folder = join(root, "test/fixtures/schemas");
      const names = readdirSync(folder).filter((name) => name.endsWith(".schema.json"));
      return Object.fromEntries(names.map((name) => [name, readJson(join(folder, name))]));
    },
  },
];

function inOneFile(name: string, readers: string, current: () => JsonObject): Contract {
  const pathOf = (root: string): string => join(root, "contracts", `${name}.json`);
  return {
    name,
    readers,
    renewal: `npm run frozen -- --update ${name}`,
    current,
    frozen: (root) => (existsSync(pathOf(root)) ? readJson(pathOf(root)) : undefined),
    freeze: (root) => {
      mkdirSync(dirname(pathOf(root)), { recursive: true });
      writeFileSync(pathOf(root), `${JSON.stringify(current(), null, 2)}\n`);
    },
  };
}

const allowedSchema = z.array(
  z.strictObject({
    contract: z.enum(contracts.map(({ name }) => name)),
    at: z.string().min(1),
    why: z.string().min(1),
    decision: z.string().regex(/^decisions\/[\w-]+\.md$/),
  }),
);

/** What is wrong with a contract, or with what is allowed of it. */
export interface BrokenContract {
  readonly contract: Contract;
  readonly refused: readonly Drift[];
  readonly unused: readonly Allowed[];
}

/**
 * Compares what is published now with the frozen copies below a root. @throws Error for a list of allowances that is not
 * one, or that names a decision which nobody wrote
 */
export function checkContracts(root: string, checked: readonly Contract[] = contracts): BrokenContract[] {
  const allowed = readAllowed(root);
  return checked.flatMap((contract) => {
    const verdict = judgeDrift(contract.name, driftOf(contract.frozen(root) ?? {}, contract.current()), allowed);
    return verdict.refused.length + verdict.unused.length === 0 ? [] : [{ contract, ...verdict }];
  });
}

function readAllowed(root: string): Allowed[] {
  const path = join(root, "contracts/allowed.json");
  if (!existsSync(path)) return [];
  const read = allowedSchema.safeParse(readJson(path));
  if (!read.success) throw new Error(`contracts/allowed.json: ${z.prettifyError(read.error)}`);
  for (const { decision } of read.data) {
    if (!existsSync(join(root, decision))) throw new Error(`contracts/allowed.json: there is no page ${decision}`);
  }
  return read.data;
}

function readJson(path: string): JsonObject {
  return JSON.parse(readFileSync(path, "utf8")) as JsonObject;
}

/** What to print of a broken contract. */
export function brokenText({ contract, refused, unused }: BrokenContract): string {
  const { name, readers, renewal } = contract;
  return [
    ...refused.map(({ at, what }) => `${name}: ${at} ${what}`),
    ...unused.map(({ at }) => `${name}: ${at} is allowed to differ in contracts/allowed.json, and does not`),
    `  why: others rely on it as it was published: ${readers}`,
    ...(refused.length > 0
      ? [`  fix: take it back; or decide on it as decisions/contracts.md says, then renew the copy: ${renewal}`]
      : ["  fix: remove it from contracts/allowed.json"]),
  ].join("\n");
}
