/** What means something in JSON; commas, comments and the kind of quotes do not. */
export interface JsonToken {
  /** `mark`: a bracket or a colon. `word`: true, false or null. */
  readonly kind: "string" | "number" | "word" | "mark";
  /** Of a string its content. */
  readonly text: string;
}

export type Tokens =
  | { readonly kind: "ok"; readonly tokens: readonly JsonToken[] }
  | { readonly kind: "refused"; readonly reason: string };

/**
 * Takes text apart that is JSON, or that somebody meant as JSON: other quotes, names without quotes, comments, and
 * commas too many or too few. Refuses what is cut off, and what it does not understand.
 */
export function tokensOf(text: string): Tokens {
  const tokens: JsonToken[] = [];
  const open: string[] = [];
  let at = 0;
  while (at < text.length) {
    const char = text[at]!;
    if (/[\s,\ufeff]/.test(char)) at++;
    else if (text.startsWith("//", at)) at = after(text, "\n", at);
    else if (text.startsWith("/*", at)) at = after(text, "*/", at);
    else if (char === '"' || char === "'") {
      const read = readString(text, at);
      if (read === undefined) return cutOff;
      tokens.push({ kind: "string", text: read.content });
      at = read.end;
    } else if ("{}[]:".includes(char)) {
      if (char === "{" || char === "[") open.push(char === "{" ? "}" : "]");
      else if (char !== ":" && open.pop() !== char) return { kind: "refused", reason: "its brackets do not match" };
      tokens.push({ kind: "mark", text: char });
      at++;
    } else {
      const word = /^[^\s,{}[\]:"'`/\\]+/u.exec(text.slice(at, at + 10_000))?.[0];
      if (word === undefined)
        return { kind: "refused", reason: `the answer holds ${JSON.stringify(char)} outside of its strings` };
      tokens.push(bareWord(word));
      at += word.length;
    }
  }
  return open.length > 0 ? cutOff : { kind: "ok", tokens };
}

const cutOff: Tokens = { kind: "refused", reason: "the answer is cut off: its JSON does not end" };

function after(text: string, what: string, from: number): number {
  const found = text.indexOf(what, from);
  return found === -1 ? text.length : found + what.length;
}

/** Python's words stand for those of JSON; any other word is a string that lost its quotes. */
function bareWord(word: string): JsonToken {
  const literal = { true: "true", false: "false", null: "null", True: "true", False: "false", None: "null" }[word];
  if (literal !== undefined) return { kind: "word", text: literal };
  if (/^[-+]?(?:\d|\.\d)/.test(word) && !Number.isNaN(Number(word))) return { kind: "number", text: word };
  return { kind: "string", text: word };
}

const escapes: Readonly<Record<string, string>> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };

/** @returns undefined when the string does not end */
function readString(text: string, start: number): { readonly content: string; readonly end: number } | undefined {
  const quote = text[start]!;
  let content = "";
  for (let at = start + 1; at < text.length; at++) {
    const char = text[at]!;
    if (char === quote) return { content, end: at + 1 };
    if (char !== "\\") {
      content += char;
      continue;
    }
    at++;
    const escaped = text[at];
    if (escaped === undefined) return undefined;
    const code = escaped === "u" ? /^[0-9a-fA-F]{4}/.exec(text.slice(at + 1, at + 5))?.[0] : undefined;
    if (code === undefined) content += escapes[escaped] ?? escaped;
    else {
      content += String.fromCharCode(Number.parseInt(code, 16));
      at += 4;
    }
  }
  return undefined;
}
