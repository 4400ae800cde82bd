/** A judgement on what a model wrote: the usable text, or why it is refused. */
export type TextCheck =
  | { readonly kind: "ok"; readonly text: string }
  | { readonly kind: "refused"; readonly reason: string };

const documentCharsMin = 40;
const apology =
  /^\W*(?:i(?:'|’)?m (?:very )?sorry|sorry|i am sorry|i apologi[sz]e|i can(?:no|'|’)t|i am (?:unable|not able)|i(?:'|’)m (?:unable|not able)|unfortunately|as an ai)\b/i;
const statement =
  /^[ \t]*(?:async def |def |class |import |from [\w.]+ import |@\w|if |for |while |with |try:|return\b|raise |assert |[A-Za-z_][\w.]*(?:\[[^\]]*\])?\s*(?::[^=\n]*)?[-+*/|&]?=(?!=)|[A-Za-z_][\w.]*\()/m;

/** A document for people: it must say something. */
export function checkDocument(answer: string): TextCheck {
  const text = answer.trim();
  if (text === "") return { kind: "refused", reason: "the answer is empty" };
  if (apology.test(text)) return { kind: "refused", reason: "the answer is an apology" };
  if (text.length < documentCharsMin) return { kind: "refused", reason: "the answer is too short to be a document" };
  return { kind: "ok", text: `${text}\n` };
}

/**
 * Python source: the one fenced block of the answer, or all of it. It must hold at least one line that reads as a
 * statement: an empty file, a remark or prose would pass as valid Python and wipe what was there.
 */
export function checkSource(answer: string): TextCheck {
  const unpacked = unfenced(answer);
  if (unpacked.kind === "refused") return unpacked;
  const { text } = unpacked;
  if (text.trim() === "") return { kind: "refused", reason: "the answer is empty" };
  if (apology.test(text)) return { kind: "refused", reason: "the answer is an apology" };
  if (text.includes("\u0000") || text.includes("\ufffd")) return { kind: "refused", reason: "the answer is not text" };
  if (!statement.test(text)) return { kind: "refused", reason: "the answer holds no statement of Python" };
  return { kind: "ok", text: text.endsWith("\n") ? text : `${text}\n` };
}

/** A source with at least one test in it. */
export function checkTests(answer: string): TextCheck {
  const source = checkSource(answer);
  if (source.kind === "refused" || /^[ \t]*(?:async )?def test_\w*\s*\(/m.test(source.text)) return source;
  return { kind: "refused", reason: "the answer defines no test" };
}

/**
 * The text of the one fenced block, or all of it where there is none. Fences inside a text in three quotes are examples in
 * the documentation of a function: they are neither begin nor end.
 */
function unfenced(answer: string): TextCheck {
  const blocks: string[] = [];
  let block: string | undefined;
  let openQuote: string | undefined;
  for (const line of answer.split(/(?<=\n)/)) {
    if (openQuote === undefined && block === undefined && /^```[a-zA-Z0-9]*[ \t]*\r?\n$/.test(line)) block = "";
    else if (openQuote === undefined && block !== undefined && /^```[ \t]*\r?\n?$/.test(line)) {
      blocks.push(block);
      block = undefined;
    } else if (block !== undefined) block += line;
    for (const [quote] of line.matchAll(/"""|'''/g)) {
      if (openQuote === undefined) openQuote = quote;
      else if (openQuote === quote) openQuote = undefined;
    }
  }
  if (block !== undefined) return { kind: "refused", reason: "the answer is cut off: its fenced block does not end" };
  if (blocks.length > 1) return { kind: "refused", reason: "the answer has several fenced blocks" };
  return { kind: "ok", text: blocks[0] ?? answer };
}
