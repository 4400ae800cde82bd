/** A block of code in a Markdown page. */
export interface FencedBlock {
  /** The first word behind the fence, as `ts`; empty when there is none. */
  readonly language: string;
  /** The words behind it: `file=poller.ts` is `file` to `poller.ts`, `run` is `run` to the empty text. */
  readonly marks: ReadonlyMap<string, string>;
  /** What stands between the fences, with the end of its last line. */
  readonly text: string;
  /** Of the opening fence, from 1. */
  readonly line: number;
  /** The comment right before it that begins with `given`: what the block needs around it, and readers do not. */
  readonly given: string | undefined;
}

const comment = /^<!-- *given\n(?<given>[\s\S]*?)-->\n+$/;

/** @throws on a fence that is never closed */
export function fencedBlocksIn(page: string): FencedBlock[] {
  const lines = page.split("\n");
  const blocks: FencedBlock[] = [];
  let endOfLast = 0;
  for (let index = 0; index < lines.length; index++) {
    const opening = /^(?<fence>`{3,})(?<info>.*)$/.exec(lines[index]!);
    if (opening === null) continue;
    const { fence = "", info = "" } = opening.groups!;
    const length = lines.slice(index + 1).indexOf(fence);
    if (length === -1) throw new Error(`line ${index + 1}: the block is never closed`);
    const [language = "", ...marks] = info.trim().split(/\s+/);
    blocks.push({
      language,
      marks: new Map(marks.map((mark) => [mark.split("=")[0]!, mark.split("=")[1] ?? ""])),
      text: lines
        .slice(index + 1, index + 1 + length)
        .map((line) => `${line}\n`)
        .join(""),
      line: index + 1,
      given: givenBefore(lines.slice(endOfLast, index)),
    });
    index += length + 1;
    endOfLast = index + 1;
  }
  return blocks;
}

function givenBefore(lines: readonly string[]): string | undefined {
  const begin = lines.findLastIndex((line) => line.startsWith("<!--"));
  return begin === -1 ? undefined : comment.exec(`${lines.slice(begin).join("\n")}\n`)?.groups!["given"];
}
