/** What `-k` selects: the names a test goes by, in small letters. */
export type KeywordExpression = (names: readonly string[]) => boolean;

export type ParsedKeywords =
  | { readonly kind: "ok"; readonly matches: KeywordExpression }
  /** `column` from 1. */
  | { readonly kind: "invalid"; readonly column: number; readonly message: string };

/** Names joined by `and`, `or`, `not` and parentheses. A name matches where it is part of another. */
export function parseKeywords(text: string): ParsedKeywords {
  if (text.trim() === "") return { kind: "ok", matches: () => true };
  const parser = new Parser(text);
  const matches = parser.or();
  if (parser.failure === undefined && parser.word !== undefined) parser.fail("end of input");
  return parser.failure === undefined ? { kind: "ok", matches } : { kind: "invalid", ...parser.failure };
}

interface Word {
  readonly text: string;
  readonly column: number;
}

class Parser {
  failure: { readonly column: number; readonly message: string } | undefined;
  private readonly words: readonly Word[];
  private readonly endColumn: number;
  private next = 0;

  constructor(text: string) {
    const found = [...text.matchAll(/[()]|[\w:+\-.[\]\\/]+|[^\s]/g)];
    this.words = found.map((match) => ({ text: match[0], column: match.index + 1 }));
    this.endColumn = text.length + 1;
  }

  get word(): Word | undefined {
    return this.words[this.next];
  }

  or(): KeywordExpression {
    const parts = [this.and()];
    while (this.take("or")) parts.push(this.and());
    return (names) => parts.some((part) => part(names));
  }

  fail(expected: string): void {
    const { word } = this;
    const got = word === undefined ? "end of input" : (KINDS[word.text] ?? "identifier");
    this.failure ??= { column: word?.column ?? this.endColumn, message: `expected ${expected}; got ${got}` };
  }

  private and(): KeywordExpression {
    const parts = [this.not()];
    while (this.take("and")) parts.push(this.not());
    return (names) => parts.every((part) => part(names));
  }

  private not(): KeywordExpression {
    if (this.take("not")) {
      const inner = this.not();
      return (names) => !inner(names);
    }
    if (this.take("(")) {
      const inner = this.or();
      if (!this.take(")")) this.fail("right parenthesis");
      return inner;
    }
    const { word } = this;
    if (word === undefined || KINDS[word.text] !== undefined || !/^[\w:+\-.[\]\\/]+$/.test(word.text)) {
      this.fail("not OR left parenthesis OR identifier");
      return () => false;
    }
    this.next += 1;
    const wanted = word.text.toLowerCase();
    return (names) => names.some((name) => name.includes(wanted));
  }

  private take(text: string): boolean {
    if (this.word?.text !== text) return false;
    this.next += 1;
    return true;
  }
}

const KINDS: Readonly<Record<string, string>> = {
  "(": "left parenthesis",
  ")": "right parenthesis",
  and: "and",
  or: "or",
  not: "not",
};
