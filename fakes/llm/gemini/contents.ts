import { isJsonArray } from "../../../src/base/json.ts";
import type { JsonObject, JsonValue } from "../../../src/base/json.ts";
import type { ModelRequest, ToolResult } from "../completion.ts";
import type { ParsedRequest } from "../dialect.ts";
import { bad, unmodelled } from "../openai/parsed.ts";
import { fieldsOf } from "./fields.ts";

type Said = Pick<ModelRequest, "prompt" | "attachments" | "toolResults">;
type Refused = Exclude<ParsedRequest, { readonly kind: "ok" }>;

/** What stands in the contents. The turn after calls of functions has as many responses. */
export function readContents(
  contents: JsonValue | undefined,
  systemInstruction: JsonValue | undefined,
): ({ readonly kind: "ok" } & Said) | Refused {
  if (!isJsonArray(contents) || contents.length === 0) {
    return bad("* GenerateContentRequest.contents: contents is not specified\n");
  }
  const reading = new Reading();
  const system = fieldsOf(systemInstruction);
  const refused =
    (system === undefined ? undefined : reading.readParts(system["parts"], "system_instruction")) ??
    reading.readTurns(contents);
  if (refused !== undefined) return refused;
  const { texts, attachments, toolResults } = reading;
  return { kind: "ok", prompt: texts.join("\n"), attachments, toolResults };
}

/** What has been read so far. */
class Reading {
  readonly texts: string[] = [];
  attachments = 0;
  readonly toolResults: ToolResult[] = [];
  /** In the turn that is read. */
  private calls = 0;

  readTurns(contents: readonly JsonValue[]): Refused | undefined {
    for (const [index, each] of contents.entries()) {
      const content = fieldsOf(each);
      if (content === undefined) return bad("Invalid JSON payload received. Expected a content.");
      const { role = "user", parts } = content;
      if (!ROLES.has(role)) return bad("Please use a valid role: user, model.");
      const callsBefore = this.calls;
      const responsesBefore = this.toolResults.length;
      this.calls = 0;
      const refused = this.readParts(parts, `contents[${index}]`);
      if (refused !== undefined) return refused;
      if (this.toolResults.length - responsesBefore !== callsBefore) {
        return bad(
          "Please ensure that the number of function response parts is equal to the number of function call parts " +
            "of the function call turn.",
        );
      }
    }
    return undefined;
  }

  readParts(parts: JsonValue | undefined, place: string): Refused | undefined {
    for (const [index, each] of (isJsonArray(parts) ? parts : []).entries()) {
      const refused = this.readPart(fieldsOf(each) ?? {}, `${place}.parts[${index}]`);
      if (refused !== undefined) return refused;
    }
    return undefined;
  }

  private readPart(part: JsonObject, place: string): Refused | undefined {
    const { text, thought } = part;
    if (typeof text === "string") {
      // What the model said to itself is no part of the prompt.
      if (thought !== true) this.texts.push(text);
      return undefined;
    }
    if (part["inlineData"] !== undefined || part["fileData"] !== undefined) this.attachments++;
    else if (part["functionCall"] !== undefined) this.calls++;
    else if (part["functionResponse"] !== undefined) return this.readResponse(part["functionResponse"], place);
    else if (Object.keys(part).some((name) => !BESIDE_DATA.has(name))) return unmodelled(place);
    else if (part["thoughtSignature"] === undefined) {
      const field = `* GenerateContentRequest.${place}.data`;
      return bad(`${field}: required oneof field 'data' must have one initialized field\n`);
    }
    return undefined;
  }

  private readResponse(value: JsonValue, place: string): Refused | undefined {
    const { id, name, response, parts } = fieldsOf(value) ?? {};
    if (typeof name !== "string" || name === "") {
      return bad(`* GenerateContentRequest.${place}.function_response.name: Name cannot be empty.\n`);
    }
    if (isJsonArray(parts)) this.attachments += parts.length;
    const content = textOfResponse(response);
    this.texts.push(content);
    this.toolResults.push({ callId: typeof id === "string" ? id : "", content });
    return undefined;
  }
}

const ROLES: ReadonlySet<JsonValue> = new Set(["user", "model", "function"]);
/** They say something of a part, and are none. */
const BESIDE_DATA: ReadonlySet<string> = new Set([
  "thought",
  "thoughtSignature",
  "videoMetadata",
  "mediaResolution",
  "partMetadata",
]);

/** `output` and `error` are what a function said; without them all of the response is. */
function textOfResponse(response: JsonValue | undefined): string {
  const { output, error } = fieldsOf(response) ?? {};
  const said = output ?? error ?? response ?? {};
  return typeof said === "string" ? said : JSON.stringify(said);
}
