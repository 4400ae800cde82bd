import { tableLines } from "../report/table.ts";
import { exitCodes } from "./exit-codes.ts";
import type { Host } from "./host.ts";
import { suggestName } from "./nearest-name.ts";
import { publishedSchemas, schemaFileName, schemaText } from "./schemas/published-schemas.ts";
import { plainLine } from "../report/plain-line.ts";
import { UsageError } from "./usage-error.ts";

/** `stormlane schema`: the JSON Schema of a document, or which there are. @returns the exit code */
export function printSchema(name: string | undefined, host: Host): number {
  if (name === undefined) {
    host.writeOut(`${listLines().join("\n")}\n`);
    return exitCodes.held;
  }
  const published = publishedSchemas.find((each) => each.name === name);
  if (published === undefined) {
    throw new UsageError({
      what: `schema ${plainLine(name, 60)}`,
      why: "there is none of that name",
      fix: suggestName(
        name,
        publishedSchemas.map((each) => each.name),
      ),
    });
  }
  host.writeOut(schemaText(published));
  return exitCodes.held;
}

function listLines(): string[] {
  return tableLines(
    [{ title: "name" }, { title: "of" }, { title: "file in the package" }],
    publishedSchemas.map((each) => [each.name, each.title, `stormlane/schemas/${schemaFileName(each)}`]),
  );
}
