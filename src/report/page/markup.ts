/**
 * Markup that was put together by `markup`. Nothing else is one: text from cards, models and files cannot pretend to be,
 * as it could with a plain object.
 */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type MarkupValue = string | number | Markup | undefined | readonly MarkupValue[];

/**
 * Puts HTML together. Values are text: what they hold is shown, never run. Markup inside markup is taken as it is; an
 * array is its items one after the other; undefined is nothing. Attributes must stand in double quotes.
 * Runs in Node and in a browser. (It is not called `html`: formatters then move spaces that count.)
 */
export function markup(parts: TemplateStringsArray, ...values: readonly MarkupValue[]): Markup {
  return new Markup(parts.reduce((text, part, index) => `${text}${textOf(values[index - 1])}${part}`));
}

function textOf(value: MarkupValue): string {
  if (value === undefined) return "";
  if (value instanceof Markup) return value.text;
  if (typeof value === "object") return value.map(textOf).join("");
  return escapeText(String(value));
}

/** For text between tags and for values of attributes in quotes. Characters that would move other text are spelled out. */
function escapeText(text: string): string {
  return text
    .replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
    .replaceAll(unprintable, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** Control characters but tab and line feed, those that change the direction of text, and halves of characters. */
const unprintable =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
