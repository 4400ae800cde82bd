export interface CompressedPrompt {
  readonly prompt: string;
  /** 0 when nothing was left out. */
  readonly omittedChars: number;
  /** Code and data alone can be longer than allowed: they are never cut. */
  readonly fits: boolean;
}

/**
 * Makes a prompt shorter that is longer than `charsMax`: spaces and repeated paragraphs of prose go first, then the
 * middle of the longest paragraphs, with a note of how much is missing. Fenced blocks, whatever stands in brackets from the
 * begin of a line to the end of one (JSON above all), and indented quotes stay byte for byte.
 */
export function compressPrompt(prompt: string, charsMax: number): CompressedPrompt {
  if (prompt.length <= charsMax) return { prompt, omittedChars: 0, fits: true };
  let parts = withoutRepetitions(partsOf(prompt).map(withFewerSpaces));
  let length = lengthOf(parts);
  while (length > charsMax) {
    const index = longestProse(parts);
    if (index === -1) break;
    const shorter = withoutMiddle(parts[index]!.text, length - charsMax);
    parts = parts.with(index, { kind: "prose", text: shorter });
    length = lengthOf(parts);
  }
  const compressed = parts.map(({ text }) => text).join("");
  return { prompt: compressed, omittedChars: prompt.length - compressed.length, fits: compressed.length <= charsMax };
}

interface Part {
  readonly kind: "prose" | "verbatim";
  /** With its line ends. */
  readonly text: string;
}

/** Paragraphs of prose one by one, with the empty lines behind them; what stays as it is in between. */
function partsOf(prompt: string): readonly Part[] {
  const parts: Part[] = [];
  const lines = prompt.split(/(?<=\n)/);
  // Each counted once: text full of brackets must not be read again for each of them.
  const depths = lines.map(depthOf);
  let prose = "";
  let isAfterBlank = false;
  const endProse = (): void => {
    if (prose !== "") parts.push({ kind: "prose", text: prose });
    prose = "";
  };
  for (let at = 0; at < lines.length;) {
    const count = verbatimLines(lines, depths, at);
    if (count > 0) {
      endProse();
      parts.push({ kind: "verbatim", text: lines.slice(at, at + count).join("") });
      at += count;
      continue;
    }
    const line = lines[at++]!;
    const isBlank = line.trim() === "";
    if (!isBlank && isAfterBlank) endProse();
    isAfterBlank = isBlank;
    prose += line;
  }
  endProse();
  return parts;
}

/** How many lines from here on are code, data, or a quote. */
function verbatimLines(lines: readonly string[], depths: readonly number[], at: number): number {
  const line = lines[at]!;
  const fence = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
  if (fence !== undefined) {
    const close = new RegExp(`^ {0,3}${fence[0]!}{${fence.length},}[ \\t]*\\r?\\n?$`);
    let end = at + 1;
    while (end < lines.length && !close.test(lines[end]!)) end++;
    return Math.min(end + 1, lines.length) - at;
  }
  if (/^(?: {4}|\t)/.test(line)) {
    let end = at + 1;
    while (end < lines.length && /^(?: {4}|\t)/.test(lines[end]!)) end++;
    return end - at;
  }
  return /^[ \t]*[[{]/.test(line) ? dataLines(lines, depths, at) : 0;
}

/** How many lines the value in brackets has that begins here; 0 when it does not end, or not with a line. */
function dataLines(lines: readonly string[], depths: readonly number[], at: number): number {
  let depth = 0;
  for (let index = at; index < lines.length; index++) {
    depth += depths[index]!;
    if (depth <= 0) return depth === 0 && /[}\]],?[ \t]*\r?\n?$/.test(lines[index]!) ? index - at + 1 : 0;
  }
  return 0;
}

/** Brackets opened less brackets closed, outside of strings. */
function depthOf(line: string): number {
  let depth = 0;
  let inString = false;
  for (const [mark] of line.matchAll(/\\.|["[\]{}]/g)) {
    if (mark === '"') inString = !inString;
    else if (!inString && mark.length === 1) depth += mark === "{" || mark === "[" ? 1 : -1;
  }
  return depth;
}

function withFewerSpaces(part: Part): Part {
  if (part.kind === "verbatim") return part;
  const text = part.text
    .replace(/[ \t]+(?=\r?\n)/g, "")
    .replace(/(\r?\n){3,}/g, "\n\n")
    .replace(/.+/g, (line) => (quotes.test(line) ? line : line.replace(/(?<=\S)[ \t]{2,}/g, " ")));
  return { kind: "prose", text };
}

/** Code or data inside a line: spaces may mean something there. */
const quotes = /["'`{[|]/;

/** A paragraph that stood there before says nothing new. */
function withoutRepetitions(parts: readonly Part[]): readonly Part[] {
  const seen = new Set<string>();
  return parts.filter(({ kind, text }) => {
    const key = text.trim();
    if (kind === "verbatim" || key.length < repetitionCharsMin) return true;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

const repetitionCharsMin = 40;
/** A paragraph is not made shorter than this. */
const proseCharsMin = 240;
const missing = /\[… \d+ characters are left out here …\]/;

/** -1 when every paragraph is short already. */
function longestProse(parts: readonly Part[]): number {
  let longest = -1;
  parts.forEach(({ kind, text }, index) => {
    if (kind !== "prose" || text.length <= proseCharsMin || missing.test(text)) return;
    if (longest === -1 || text.length > parts[longest]!.text.length) longest = index;
  });
  return longest;
}

/** Beginning and end say most. */
function withoutMiddle(text: string, tooMany: number): string {
  const note = (count: number): string => `[… ${count} characters are left out here …]`;
  const omitted = Math.min(text.length - proseCharsMin / 2, tooMany + note(text.length).length);
  const head = text.slice(0, cutAt(text, Math.ceil((text.length - omitted) / 2)));
  const tail = text.slice(cutAt(text, text.length - Math.floor((text.length - omitted) / 2)));
  return `${head}${note(text.length - head.length - tail.length)}${tail}`;
}

/** Never between the two halves of a character. */
function cutAt(text: string, at: number): number {
  return /[\udc00-\udfff]/.test(text[at] ?? "") ? at + 1 : at;
}

function lengthOf(parts: readonly Part[]): number {
  return parts.reduce((sum, { text }) => sum + text.length, 0);
}
