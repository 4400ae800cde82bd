/**
 * Text broken between words into lines of at most `width` characters, the first after `first`, the others indented as
 * deep. A word that is longer than a line is cut.
 */
export function wrappedLines(first: string, text: string, width: number): string[] {
  const indent = " ".repeat(first.length);
  const room = Math.max(1, width - first.length);
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ").flatMap((each) => pieces(each, room))) {
    if (line === "") line = word;
    else if (line.length + 1 + word.length <= room) line += ` ${word}`;
    else {
      lines.push(line);
      line = word;
    }
  }
  lines.push(line);
  return lines.map((each, index) => (index === 0 ? first : indent) + each);
}

function pieces(word: string, room: number): string[] {
  const characters = [...word];
  if (characters.length <= room) return [word];
  return Array.from({ length: Math.ceil(characters.length / room) }, (_, index) =>
    characters.slice(index * room, (index + 1) * room).join(""),
  );
}
