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
      const set = pattern
        .slice(index + 1, end)
        .replaceAll("\\", "\\\\")
        .replace(/^!/, "^");
      source += `[${set}]`;
      index = end;
    } else if (char === "\\" && index + 1 < pattern.length) {
      index += 1;
      source += escaped(pattern[index]!);
    } else source += escaped(char);
  }
  return new RegExp(`^${source}$`);
}

export function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}
