import type { JsonValue } from "./json.ts";

/**
 * The body of a message, held as text or as a JSON value and converted only when asked.
 * A simulated call hands the value over without encoding it; a real one encodes it once.
 */
export class Body {
  static readonly empty: Body = new Body("", undefined);

  private encoded: string | undefined;
  private value: JsonValue | undefined;

  private constructor(encoded: string | undefined, value: JsonValue | undefined) {
    this.encoded = encoded;
    this.value = value;
  }

  static ofText(text: string): Body {
    return text === "" ? Body.empty : new Body(text, undefined);
  }

  static ofJson(value: JsonValue): Body {
    return new Body(undefined, value);
  }

  text(): string {
    return (this.encoded ??= JSON.stringify(this.value));
  }

  /** The JSON value, or `undefined` when the text is not JSON. Read-only: it may be shared with its sender. */
  json(): JsonValue | undefined {
    if (this.value === undefined && this.encoded !== "") {
      try {
        this.value = JSON.parse(this.encoded!) as JsonValue;
      } catch {
        return undefined;
      }
    }
    return this.value;
  }
}
