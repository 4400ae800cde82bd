/** What is left of texts of an incident before anything of it is kept. */
export interface RedactorOptions {
  /** Takes secrets out of a text by their forms. */
  readonly withoutSecrets: (text: string) => string;
  /** Free text of people is kept, without secrets. */
  readonly keepsText: boolean;
}

/**
 * Replaces what must not leave the logs: each person by `person-N`, titles and descriptions by neutral ones. What relates
 * events to each other, references and ids of stories, stays when it has the form of a key; anything else gets one.
 */
export class Redactor {
  private readonly options: RedactorOptions;
  private readonly people = new Map<string, string>();
  private readonly keys = new Map<string, string>();

  constructor(options: RedactorOptions) {
    this.options = options;
  }

  person(name: string): string {
    return name === "" ? "" : numbered(this.people, name, "person");
  }

  /** A card's reference: `EPIC-1`, `EPIC-1/S2`. */
  reference(reference: string): string {
    return reference
      .split("/")
      .map((part) => this.key(part))
      .join("/");
  }

  key(key: string): string {
    if (key === "") return "";
    const isPlain = keyForm.test(key) && this.options.withoutSecrets(key) === key && !secretForm.test(key);
    return isPlain ? key : numbered(this.keys, key, "key");
  }

  /** A text of people. @param instead what stands for it */
  freeText(text: string, instead: string): string {
    return this.options.keepsText ? this.options.withoutSecrets(text) : instead;
  }

  /** A name of the orchestrator's own, as of an event. */
  word(text: string): string {
    const clean = this.options.withoutSecrets(text);
    return wordForm.test(clean) ? clean : "";
  }
}

function numbered(known: Map<string, string>, original: string, kind: string): string {
  let name = known.get(original);
  if (name === undefined) known.set(original, (name = `${kind}-${known.size + 1}`));
  return name;
}

const keyForm = /^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/;
/** Long and without a break, as tokens are and keys of cards are not. */
const secretForm = /[A-Za-z0-9_]{24,}/;
/** One word: what has blanks may be a sentence about somebody. */
const wordForm = /^[A-Za-z][A-Za-z0-9._:/-]{0,80}$/;
