import type { RecordedCall } from "./recording.ts";

/**
 * Takes secrets out of a recording: the API token, password hashes, public tokens, names and tags of stored files. Each gets
 * a placeholder of the same form, always the same one, so that comparisons find what they found before.
 */
export class Redaction {
  readonly apiTokenPlaceholder = "api-token";

  private readonly apiToken: string;
  private readonly placeholders = new Map<string, string>();

  constructor(apiToken: string) {
    this.apiToken = apiToken;
  }

  ofCall(call: RecordedCall): RecordedCall {
    const { req, res, hooks } = call;
    const isApplication = req.auth === `jsonrpc:${this.apiToken}`;
    return {
      ...call,
      req: {
        ...req,
        auth: isApplication ? `jsonrpc:${this.apiTokenPlaceholder}` : req.auth,
        body: this.ofText(req.body),
      },
      res: { ...res, body: this.ofText(res.body) },
      hooks: hooks.map((hook) => ({ ...hook, body: this.ofText(hook.body) })),
    };
  }

  ofText(text: string): string {
    const replaced = secretForms.reduce(
      (result, form) =>
        result.replaceAll(
          form,
          (_, before: string, secret: string, after: string) => before + this.placeholderOf(secret) + after,
        ),
      text,
    );
    // A short one, as a test server has, is also a word of texts.
    return this.apiToken.length < wordLengthMax
      ? replaced
      : replaced.replaceAll(this.apiToken, this.apiTokenPlaceholder);
  }

  private placeholderOf(secret: string): string {
    let placeholder = this.placeholders.get(secret);
    if (placeholder === undefined) {
      placeholder = (this.placeholders.size + 1).toString(16).padStart(secret.length, "0");
      this.placeholders.set(secret, placeholder);
    }
    return placeholder;
  }
}

/** What comes before, the secret, what comes after. JSON may write a slash with a backslash. */
const secretForms: readonly RegExp[] = [
  /(\$2y\$\d\d\$)([./A-Za-z0-9]{53})()/g,
  /((?:tasks|projects)\\?\/\d+\\?\/)([0-9a-f]{40})\b()/g,
  /("etag":")([0-9a-f]{32})(")/g,
  /("token":"|token=)([0-9a-f]{60})\b()/g,
];

const wordLengthMax = 16;
