/** Text as it stands in a sentence: the first line alone, without marks of our own, digests cut to eight digits. */
export function shortText(text: string): string {
  const first = withoutMark(text)
    .split("\n")
    .find((line) => line.trim() !== "");
  return shortDigests(first ?? "");
}

/** Long digests say no more than their beginning. */
export function shortDigests(text: string): string {
  return text.replaceAll(/\b([0-9a-f]{8})[0-9a-f]{8,}\b/g, "$1…");
}

/** A comment ends with a mark in brackets, by which its author finds it again. */
function withoutMark(text: string): string {
  return text.replace(/\n+\[[^\n]*\]\s*$/, "");
}
