import { isJsonArray, isJsonObject } from "../../../src/base/json.ts";
import type { JsonObject, JsonValue } from "../../../src/base/json.ts";
import type { ModelRequest, ToolResult } from "../completion.ts";
import type { ParsedRequest } from "../dialect.ts";
import { bad, unmodelled } from "../openai/parsed.ts";
import { signatureOf } from "./thinking.ts";

type Said = Pick<ModelRequest, "prompt" | "attachments" | "toolResults">;
type Refused = Exclude<ParsedRequest, { readonly kind: "ok" }>;

/**
 * What stands in the system prompt and in the messages. Each call of a tool has its result in the turn of the user
 * behind it, and each result its call in the turn before.
 */
export function readConversation(
  system: JsonValue | undefined,
  messages: JsonValue | undefined,
): ({ readonly kind: "ok" } & Said) | Refused {
  if (messages === undefined) return bad("messages: Field required");
  if (!isJsonArray(messages)) return bad("messages: Input should be a valid list");
  if (messages.length === 0) return bad("messages: at least one message is required");
  const conversation = new Conversation();
  const refused =
    conversation.readSystem(system) ??
    firstRefusal(messages, (message, index) => conversation.readMessage(message, index, messages.length)) ??
    conversation.end();
  if (refused !== undefined) return refused;
  const { texts, attachments, toolResults } = conversation;
  return { kind: "ok", prompt: texts.join("\n"), attachments, toolResults };
}

function firstRefusal<Item>(
  items: readonly Item[],
  read: (item: Item, index: number) => Refused | undefined,
): Refused | undefined {
  for (const [index, item] of items.entries()) {
    const refused = read(item, index);
    if (refused !== undefined) return refused;
  }
  return undefined;
}

/** What has been read so far. */
class Conversation {
  readonly texts: string[] = [];
  attachments = 0;
  readonly toolResults: ToolResult[] = [];
  /** The ids of all calls. */
  private readonly calls = new Set<string>();
  private readonly unanswered = new Set<string>();
  /** The last message of the assistant. */
  private callsIndex = 0;
  private lastSpeaker: JsonValue | undefined;

  readSystem(system: JsonValue | undefined): Refused | undefined {
    if (system === undefined) return undefined;
    if (typeof system === "string") {
      this.texts.push(system);
      return undefined;
    }
    if (!isJsonArray(system)) return bad("system: Input should be a valid string");
    return firstRefusal(system, (block, index) => {
      if (isJsonObject(block) && block["type"] === "text") return this.readText(block, `system.${index}`);
      return bad(`system.${index}.type: Input should be 'text'`);
    });
  }

  readMessage(message: JsonValue, index: number, count: number): Refused | undefined {
    if (!isJsonObject(message)) return bad(`messages.${index}: Input should be a valid dictionary`);
    const { role, content } = message;
    if (role !== "user" && role !== "assistant" && role !== "system") {
      return bad(`messages.${index}.role: Input should be 'user', 'assistant' or 'system'`);
    }
    if (index === 0 && role === "assistant") return bad('messages: first message must use the "user" role');
    if (role === "assistant" && this.lastSpeaker === "user") {
      const refused = this.end();
      if (refused !== undefined) return refused;
    }
    if (role !== "system") this.lastSpeaker = role;
    if (role === "assistant") this.callsIndex = index;
    if (content === undefined) return bad(`messages.${index}.content: Field required`);
    const isPrefill = role === "assistant" && index === count - 1;
    if (content === "" || (isJsonArray(content) && content.length === 0)) {
      return isPrefill ? undefined : bad(`messages.${index}: ${EMPTY_MESSAGE}`);
    }
    if (typeof content === "string") {
      this.texts.push(content);
      return undefined;
    }
    if (!isJsonArray(content)) return bad(`messages.${index}.content: Input should be a valid list`);
    return firstRefusal(content, (block, place) =>
      this.readBlock(block, `messages.${index}.content.${place}`, role === "assistant"),
    );
  }

  /** Of the conversation, or of a turn of the user: every call has its result by now. */
  end(): Refused | undefined {
    if (this.unanswered.size === 0) return undefined;
    const ids = [...this.unanswered].join(", ");
    return bad(
      `messages.${this.callsIndex}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${ids}. ` +
        "Each `tool_use` block must have a corresponding `tool_result` block in the next message.",
    );
  }

  private readBlock(block: JsonValue, place: string, fromAssistant: boolean): Refused | undefined {
    if (!isJsonObject(block)) return bad(`${place}: Input should be a valid dictionary`);
    switch (block["type"]) {
      case "text":
        return this.readText(block, place);
      case "image":
        return this.attach();
      case "document":
        return this.readDocument(block, place);
      case "search_result":
        return this.readBlocks(block["content"], place, fromAssistant);
      case "tool_use":
        return fromAssistant
          ? this.readCall(block, place)
          : bad(`${place}: \`tool_use\` blocks can only be in \`assistant\` messages`);
      case "tool_result":
        return fromAssistant
          ? bad(`${place}: \`tool_result\` blocks can only be in \`user\` messages`)
          : this.readResult(block, place);
      case "thinking":
        return readThinkingBlock(block, place);
      case "redacted_thinking":
      case "tool_reference":
        return undefined;
      case undefined:
        return bad(`${place}.type: Field required`);
      default:
        return unmodelled(`${place} of type ${JSON.stringify(block["type"])}`);
    }
  }

  private readBlocks(content: JsonValue | undefined, place: string, fromAssistant: boolean): Refused | undefined {
    return firstRefusal(isJsonArray(content) ? content : NONE, (block, index) =>
      this.readBlock(block, `${place}.content.${index}`, fromAssistant),
    );
  }

  private readText({ text }: JsonObject, place: string): Refused | undefined {
    if (typeof text !== "string") return bad(`${place}.text.text: Field required`);
    if (text === "") return bad("messages: text content blocks must be non-empty");
    this.texts.push(text);
    return undefined;
  }

  private attach(): undefined {
    this.attachments++;
  }

  /** Plain text is read, anything else is a file. */
  private readDocument({ source }: JsonObject, place: string): Refused | undefined {
    if (!isJsonObject(source)) return bad(`${place}.document.source: Field required`);
    const { type, data, content } = source;
    if (type === "content" && isJsonArray(content)) return this.readBlocks(content, `${place}.source`, false);
    const text = type === "text" ? data : type === "content" ? content : undefined;
    if (typeof text !== "string") return this.attach();
    this.texts.push(text);
    return undefined;
  }

  private readCall({ id, name }: JsonObject, place: string): Refused | undefined {
    if (typeof id !== "string") return bad(`${place}.tool_use.id: Field required`);
    if (typeof name !== "string") return bad(`${place}.tool_use.name: Field required`);
    if (this.calls.has(id)) return bad("messages: `tool_use` ids must be unique");
    this.calls.add(id);
    this.unanswered.add(id);
    return undefined;
  }

  private readResult(block: JsonObject, place: string): Refused | undefined {
    const callId = block["tool_use_id"];
    if (typeof callId !== "string") return bad(`${place}.tool_result.tool_use_id: Field required`);
    if (!this.unanswered.delete(callId)) {
      return bad(
        `${place}: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${callId}. ` +
          "Each `tool_result` block must have a corresponding `tool_use` block in the previous message.",
      );
    }
    const { content } = block;
    const textsBefore = this.texts.length;
    if (typeof content === "string") this.texts.push(content);
    const refused = this.readBlocks(content, place, false);
    this.toolResults.push({ callId, content: this.texts.slice(textsBefore).join("\n") });
    return refused;
  }
}

const NONE: readonly JsonValue[] = [];
const EMPTY_MESSAGE = "all messages must have non-empty content except for the optional final assistant message";

/** What the model said to itself is no part of the prompt, but it must come back as it was. */
function readThinkingBlock({ thinking, signature }: JsonObject, place: string): Refused | undefined {
  if (typeof thinking !== "string") return bad(`${place}.thinking.thinking: Field required`);
  if (typeof signature !== "string") return bad(`${place}.thinking.signature: Field required`);
  return thinking === "" || signature === signatureOf(thinking)
    ? undefined
    : bad(`${place}: Invalid \`signature\` in \`thinking\` block`);
}
