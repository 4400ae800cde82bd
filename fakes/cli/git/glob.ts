/**
 * A shell pattern as a regular expression over a whole path.
 * `acrossFolders`: `*` and `?` match a slash too, as in a pathspec; otherwise only `**` does, as in `.gitignore`.
 */
export function globExpression(pattern: string, options: { readonly acrossFolders: boolean }): RegExp {
  const any = options.acrossFolders ? "[^]" : "[^/]";
  let source = "";
  for (let index = 0; index < pattern.length; index++) {
    const char = pattern[index]!;
    if (pattern.startsWith("**/", index) && !options.acrossFolders) {
      source += "(?:[^]*/)?";
      index += 2;
    } else if (pattern.startsWith("**", index) && !options.acrossFolders) {
      source += "[^]*";
      index += 1;
    } else if (char === "*") source += `${any}*`;
    else if (char === "?") source += any;
    else if (char === "[" && pattern.includes("]", index + 2)) {
      const end = pattern.indexOf("]", index + 2);
      source += characterSet(pattern.slice(index + 1, end));
      index = end;
    } else if (char === "\\" && index + 1 < pattern.length) {
      index += 1;
      source += escaped(pattern[index]!);
    } else source += escaped(char);
  }
  return new RegExp(`^${source}$`);
}

/** What stands between brackets. Of a range that runs backwards the first character alone counts, as in git. */
function characterSet(text: string): string {
  const negated = text.startsWith("!") || text.startsWith("^");
  const members: string[] = [];
  const chars = text.slice(negated ? 1 : 0);
  for (let index = 0; index < chars.length; index++) {
    const first = chars[index]!;
    const last = chars[index + 1] === "-" ? chars[index + 2] : undefined;
    if (last !== undefined) index += 2;
    const isRange = last !== undefined && first < last;
    members.push(isRange ? `${escapedMember(first)}-${escapedMember(last)}` : escapedMember(first));
  }
  return `[${negated ? "^" : ""}${members.join("")}]`;
}

function escapedMember(char: string): string {
  return char.replace(/[\\\]^-]/, "\\$&");
}

export function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}
