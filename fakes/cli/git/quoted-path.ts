/** A path as git prints it without `-z`: in C quotes when it holds a control character, a quote, a backslash or, by `core.quotepath`, any byte above 127. */
export function quotedPath(
  path: string,
  options: { readonly spaces?: boolean; readonly keepUnicode?: boolean } = {},
): string {
  const special = options.keepUnicode === true ? /["\\\u0000-\u001f\u007f]/ : /["\\\u0000-\u001f\u007f-\uffff]/;
  if (!special.test(path)) return options.spaces === true && path.includes(" ") ? `"${path}"` : path;
  let quoted = "";
  for (const char of path) {
    const code = char.codePointAt(0)!;
    const short = SHORT_ESCAPES[char];
    if (short !== undefined) quoted += short;
    else if (code < 0x20 || code === 0x7f || (code > 0x7f && options.keepUnicode !== true)) {
      for (const byte of Buffer.from(char)) quoted += `\\${byte.toString(8).padStart(3, "0")}`;
    } else quoted += char;
  }
  return `"${quoted}"`;
}

const SHORT_ESCAPES: Readonly<Record<string, string>> = {
  "\u0007": "\\a",
  "\b": "\\b",
  "\t": "\\t",
  "\n": "\\n",
  "\v": "\\v",
  "\f": "\\f",
  "\r": "\\r",
  '"': '\\"',
  "\\": "\\\\",
};
