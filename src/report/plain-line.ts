/** Text from cards, models and programs may hold anything: on a terminal it must stay on its line and move nothing. */
export function plainLine(text: string, lengthMax: number): string {
  const escaped = text.replaceAll(unprintable, (char) => {
    if (char === "\n") return "\\n";
    if (char === "\t") return "\\t";
    return `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
  const characters = [...escaped];
  return characters.length <= lengthMax ? escaped : `${characters.slice(0, lengthMax - 1).join("")}…`;
}

/** Control characters, and those that change the direction of text or the width of nothing. */
const unprintable = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;
