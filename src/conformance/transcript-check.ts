import { compareExchange, Rules, type Difference, type Exchange } from "./comparison.ts";
import type { Epochs } from "./epochs.ts";
import { Identities } from "./identities.ts";
import type { Epoch, RecordedCall, RecordedRequest, Recording } from "./recording.ts";
import { fillBody, learnNames } from "./request-template.ts";

export interface CheckOptions {
  /** Of the server that is checked, in place of the recorded one. */
  readonly apiToken?: string;
  /** Default: ids may differ, one to one. */
  readonly identities?: Identities;
  /** Present where the server's clock shows the recorded times: how far apart dates may lie, in seconds. */
  readonly apartSMax?: number;
}

export type Preparation =
  | { readonly kind: "request"; readonly request: RecordedRequest }
  | { readonly kind: "skip"; readonly why: string };

/**
 * Holds a server against one recording, call by call in order: says what to send, and judges what came back. It knows
 * no network and no clock.
 */
export class TranscriptCheck {
  private readonly recording: Recording;
  private readonly apiToken: string;
  private readonly rules: Rules;
  private readonly apartSMax: number | undefined;
  private readonly recordedNames = new Map<string, string>();
  private readonly givenNames = new Map<string, string>();
  private readonly epochs: [number, number][] = [];

  constructor(recording: Recording, options: CheckOptions = {}) {
    const { api_token: recordedToken } = recording.header.config;
    this.recording = recording;
    this.apiToken = options.apiToken ?? recordedToken;
    this.apartSMax = options.apartSMax;
    this.rules = new Rules(options.identities ?? new Identities(), this.epochsOf(recording.header.epochs));
  }

  /** The run begins, or goes on after a pause. Unix seconds. */
  beginEpoch(nowS: number): void {
    this.epochs.push([nowS, nowS]);
  }

  prepare(call: RecordedCall): Preparation {
    if (call.literal_ids === true && !this.rules.identities.areEqual()) {
      return { kind: "skip", why: "it names an id as a plain number, and this server gives others" };
    }
    const filled = fillBody(call, this.recordedNames, this.givenNames);
    if (filled.kind === "unknown") {
      return { kind: "skip", why: `it needs the id ${filled.name}, which this server did not give` };
    }
    return { kind: "request", request: { ...call.req, auth: this.authOf(call.req), body: filled.body } };
  }

  /** @param endedS when the answer was there. Unix seconds */
  judge(call: RecordedCall, exchange: Exchange, endedS: number): Difference | undefined {
    const epoch = this.epochs.at(-1);
    if (epoch !== undefined) epoch[1] = Math.max(epoch[1], endedS);
    this.rules.epochs = this.epochsOf(this.apartSMax === undefined ? this.epochs : this.recording.header.epochs);
    learnNames(call, call.res.body, this.recordedNames);
    learnNames(call, exchange.body, this.givenNames);
    return compareExchange(call, exchange, this.rules);
  }

  private epochsOf(actual: readonly Epoch[]): Epochs {
    const { apartSMax } = this;
    return {
      expected: this.recording.header.epochs,
      actual,
      ...(apartSMax === undefined ? {} : { apartSMax }),
    };
  }

  private authOf({ auth }: RecordedRequest): string | null {
    return auth === `jsonrpc:${this.recording.header.config.api_token}` ? `jsonrpc:${this.apiToken}` : auth;
  }
}
