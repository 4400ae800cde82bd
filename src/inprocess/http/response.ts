import { outsideSimulatedCode } from "../../kernel/guards.ts";
import type { HttpResponse } from "../../ports/http.ts";
import { copyOfJson } from "./json-copy.ts";

/**
 * The answer to a `fetch`. Its text and its JSON are read without the streams that the standard's class makes of every body, which
 * cost more than the rest of a call; for anything else that class is made, and answers.
 */
export class SimulatedResponse {
  readonly status: number;
  readonly url: string;
  readonly redirected: boolean;
  readonly type = "basic";
  readonly statusText = "";
  private readonly answer: HttpResponse;
  private made: Response | undefined;
  private isRead = false;

  constructor(answer: HttpResponse, url: string, redirected: boolean) {
    this.answer = answer;
    this.status = answer.status;
    this.url = url;
    this.redirected = redirected;
  }

  get ok(): boolean {
    return this.status >= 200 && this.status < 300;
  }

  get headers(): Headers {
    return this.whole().headers;
  }

  get body(): Response["body"] {
    return this.whole().body;
  }

  get bodyUsed(): boolean {
    return this.isRead || this.made?.bodyUsed === true;
  }

  async text(): Promise<string> {
    if (this.bodyUsed || this.made?.body?.locked === true) return this.whole().text();
    this.isRead = true;
    return this.answer.body.text();
  }

  async json(): Promise<unknown> {
    if (this.bodyUsed || this.made?.body?.locked === true) return this.whole().json();
    this.isRead = true;
    const { body } = this.answer;
    // No body is there at once.
    const value = await Promise.resolve(body.json());
    return value === undefined ? JSON.parse(body.text()) : copyOfJson(value);
  }

  async arrayBuffer(): Promise<ArrayBuffer> {
    return this.whole().arrayBuffer();
  }

  async bytes(): Promise<Uint8Array> {
    return new Uint8Array(await this.arrayBuffer());
  }

  async blob(): Promise<Blob> {
    return this.whole().blob();
  }

  async formData(): Promise<FormData> {
    return this.whole().formData();
  }

  clone(): Response {
    return this.whole().clone();
  }

  /** The standard's own, with a body that has been read when this one's has. */
  private whole(): Response {
    if (this.made !== undefined) return this.made;
    const { status, headers, body } = this.answer;
    this.made = outsideSimulatedCode(() => {
      const response = new Response(nullBodyStatuses.has(status) ? null : body.text(), { status, headers });
      if (headers["content-type"] === undefined) response.headers.delete("content-type");
      return Object.defineProperties(response, { url: { value: this.url }, redirected: { value: this.redirected } });
    });
    if (this.isRead) void this.made.text();
    return this.made;
  }
}

// It is one to whoever asks.
Object.setPrototypeOf(SimulatedResponse.prototype, Response.prototype);

const nullBodyStatuses: ReadonlySet<number> = new Set([101, 204, 205, 304]);
