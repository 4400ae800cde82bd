import type { CampaignDocument } from "../../report/campaign-page/campaign-document.ts";
import type { CampaignReader } from "./campaign-reader.ts";

export interface TaggedDocument {
  /** Another one for another document. */
  readonly tag: string;
  readonly document: CampaignDocument;
}

/** The document as of now, but not read more often than is worth it: of a million runs it takes seconds. */
export class FreshDocument {
  private readonly reader: CampaignReader;
  private readonly now: () => number;
  private version = "";
  private known: TaggedDocument | undefined;
  private readAgainMs = 0;

  /** @param now milliseconds since any moment, real time */
  constructor(reader: CampaignReader, now = (): number => performance.now()) {
    this.reader = reader;
    this.now = now;
  }

  /** @throws LedgerError */
  get(): TaggedDocument {
    const startMs = this.now();
    const version = this.reader.version();
    if (this.known !== undefined && (version === this.version || startMs < this.readAgainMs)) return this.known;
    const document = this.reader.read(new Date());
    const endMs = this.now();
    this.version = version;
    this.known = { tag: `"${version}-${document.readAt}"`, document };
    this.readAgainMs = endMs + (endMs - startMs) * pauseFactor;
    return this.known;
  }
}

/** Reading takes a twentieth of the time at most. */
const pauseFactor = 19;
