/**
 * Renews the frozen copies of the published schemas below `test/fixtures/schemas`: `node tools/freeze-schemas.ts`.
 * It refuses what readers of a published version would not understand; raise the version in
 * `src/cli/schemas/published-schemas.ts` then.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { JsonObject } from "../src/base/json.ts";
import { jsonSchemaOf, publishedSchemas, schemaFileName, schemaText } from "../src/cli/schemas/published-schemas.ts";
import { schemaBreaks } from "./schema-breaks.ts";

const folder = fileURLToPath(new URL("../test/fixtures/schemas/", import.meta.url));

mkdirSync(folder, { recursive: true });
for (const published of publishedSchemas) {
  const path = join(folder, schemaFileName(published));
  const frozen = existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as JsonObject) : undefined;
  const breaks = frozen === undefined ? [] : schemaBreaks(frozen, jsonSchemaOf(published));
  if (breaks.length === 0) {
    writeFileSync(path, schemaText(published));
    continue;
  }
  console.error(`${schemaFileName(published)}: not renewed, raise its version:\n  ${breaks.join("\n  ")}`);
  process.exitCode = 1;
}
