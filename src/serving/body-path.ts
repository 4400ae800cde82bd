import { Body } from "../base/body.ts";
import type { HttpHeaders, OutgoingResponse } from "../ports/http.ts";
import type { Client } from "./client.ts";
import type { BodyFault, DeliveryFault } from "./fault-spec.ts";
import type { ServingClock } from "./serving-clock.ts";

/** Whether a fault strikes the body of the answer, on its way to the client. */
export function strikesBody(fault: DeliveryFault): fault is BodyFault {
  return fault.kind === "body-stalled" || fault.kind === "body-cut" || fault.kind === "body-dripped";
}

/**
 * The way of an answer whose body is struck. Head and pieces pass as they come: a client sees a stream that began well.
 */
export function bodyPath(onwards: Client, fault: BodyFault, clock: ServingClock): Client {
  return fault.kind === "body-dripped" ? new DrippedBody(onwards, fault, clock) : new BrokenBody(onwards, fault);
}

/** It stops in the middle of a piece: the connection stays open and still, or breaks. */
class BrokenBody implements Client {
  private readonly onwards: Client;
  private readonly fault: Exclude<BodyFault, { kind: "body-dripped" }>;
  private pieces = 0;
  private isOver = false;

  constructor(onwards: Client, fault: Exclude<BodyFault, { kind: "body-dripped" }>) {
    this.onwards = onwards;
    this.fault = fault;
  }

  /** Its length was said: the client knows how much is missing. */
  answer({ status, headers = {}, body = Body.empty }: OutgoingResponse): void {
    const text = body.text();
    this.onwards.head(status, headers, Buffer.byteLength(text));
    this.breakIn(text);
  }

  head(status: number, headers: HttpHeaders): void {
    this.onwards.head(status, headers);
  }

  chunk(text: string): void {
    if (this.isOver) return;
    if (this.pieces++ < this.fault.afterPieces) this.onwards.chunk(text);
    else this.breakIn(text);
  }

  /** It was shorter than that: what is missing is its end. */
  end(): void {
    if (!this.isOver) this.breakIn("");
  }

  reset(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.onwards.reset();
  }

  private breakIn(text: string): void {
    this.isOver = true;
    this.onwards.chunk(text.slice(0, Math.floor(text.length / 2)));
    if (this.fault.kind === "body-cut") this.onwards.reset();
  }
}

/** All of it, slowly: the end comes behind the last of it. */
class DrippedBody implements Client {
  private readonly onwards: Client;
  private readonly fault: BodyFault & { readonly kind: "body-dripped" };
  private readonly clock: ServingClock;
  private text = "";
  private close: (() => void) | undefined;
  private isDripping = false;

  constructor(onwards: Client, fault: BodyFault & { readonly kind: "body-dripped" }, clock: ServingClock) {
    this.onwards = onwards;
    this.fault = fault;
    this.clock = clock;
  }

  answer({ status, headers = {}, body = Body.empty }: OutgoingResponse): void {
    const text = body.text();
    this.onwards.head(status, headers, Buffer.byteLength(text));
    this.chunk(text);
    this.end();
  }

  head(status: number, headers: HttpHeaders): void {
    this.onwards.head(status, headers);
  }

  chunk(text: string): void {
    this.text += text;
    if (!this.isDripping) this.drip();
  }

  end(): void {
    this.finishWith(() => this.onwards.end());
  }

  reset(): void {
    this.finishWith(() => this.onwards.reset());
  }

  private finishWith(close: () => void): void {
    this.close ??= close;
    if (!this.isDripping) this.close();
  }

  private drip(): void {
    const { pieceChars, everyMs } = this.fault;
    this.isDripping = this.text !== "";
    if (!this.isDripping) {
      this.close?.();
      return;
    }
    this.onwards.chunk(this.text.slice(0, pieceChars));
    this.text = this.text.slice(pieceChars);
    this.clock.at(this.clock.elapsedMs() + everyMs, () => this.drip());
  }
}
