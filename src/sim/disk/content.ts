import { digest64 } from "../../base/digest.ts";

/**
 * What a file holds, immutable, as text or as bytes, converted only when asked: most files are written and read as
 * text, and a text is never encoded to learn its size.
 */
export class Content {
  readonly sizeBytes: number;
  /** It was written as text, so that no character of it is cut at either end. */
  private readonly whole: boolean;
  private encoded: Uint8Array | undefined;
  private decoded: string | undefined;
  private textDigest: string | undefined;

  private constructor(decoded: string | undefined, encoded: Uint8Array | undefined, sizeBytes: number) {
    this.whole = decoded !== undefined;
    this.decoded = decoded;
    this.encoded = encoded;
    this.sizeBytes = sizeBytes;
  }

  static empty(): Content {
    return new Content("", undefined, 0);
  }

  /** Bytes are copied; a lone surrogate becomes U+FFFD, as when it is encoded. */
  static of(content: string | Uint8Array): Content {
    if (content.length === 0) return Content.empty();
    if (typeof content === "string") {
      const text = content.toWellFormed();
      return new Content(text, undefined, Buffer.byteLength(text));
    }
    return new Content(undefined, Uint8Array.from(content), content.length);
  }

  text(): string {
    return (this.decoded ??= decode(this.encoded!));
  }

  /** A copy: whoever changes it changes nothing here. */
  bytes(): Uint8Array {
    return Uint8Array.from(this.sharedBytes());
  }

  /** `digest64` of the text. */
  digest(): string {
    return (this.textDigest ??= digest64(this.text()));
  }

  /** @param keepBytes may fall inside a character; more than there are keeps all */
  prefix(keepBytes: number): Content {
    if (keepBytes >= this.sizeBytes) return this;
    return Content.of(this.sharedBytes().subarray(0, Math.max(0, keepBytes)));
  }

  followedBy(next: Content): Content {
    if (this.sizeBytes === 0) return next;
    if (next.sizeBytes === 0) return this;
    const sizeBytes = this.sizeBytes + next.sizeBytes;
    // Two halves of one character meet only as bytes.
    if (this.whole && next.whole) return new Content(this.text() + next.text(), undefined, sizeBytes);
    const bytes = new Uint8Array(sizeBytes);
    bytes.set(this.sharedBytes());
    bytes.set(next.sharedBytes(), this.sizeBytes);
    return new Content(undefined, bytes, sizeBytes);
  }

  equals(other: Content): boolean {
    if (this === other) return true;
    if (this.sizeBytes !== other.sizeBytes) return false;
    const bytes = other.sharedBytes();
    return this.sharedBytes().every((byte, index) => byte === bytes[index]);
  }

  private sharedBytes(): Uint8Array {
    return (this.encoded ??= encoder.encode(this.decoded));
  }
}

/** A byte order mark is content, and each broken sequence becomes U+FFFD. */
function decode(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
}

const encoder = new TextEncoder();
