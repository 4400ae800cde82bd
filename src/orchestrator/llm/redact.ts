const mark = "[redacted]";

/** Secrets by their own form, wherever they stand. */
const shapes: readonly RegExp[] = [
  /\bsk-[A-Za-z0-9_-]{16,}/g,
  /\bAIza[A-Za-z0-9_-]{30,}/g,
  /\bgh[opusr]_[A-Za-z0-9]{30,}/g,
  /\bgithub_pat_[A-Za-z0-9_]{30,}/g,
  /\bxox[abprs]-[A-Za-z0-9-]{10,}/g,
  /\bAKIA[A-Z0-9]{16}\b/g,
  /(?<=:\/\/[^\s/:@"']{0,64}:)[^\s/:@"']{1,256}(?=@)/g,
  /\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}/g,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[^]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
];
/** What stands behind these words, also at the end of a longer name: the scheme stays. */
const named =
  /(?<![A-Za-z0-9])(authorization|x-api-key|api[-_]?key|access[-_]?token|password|secret)(["'\\]*\s*[:=]\s*["'\\]*)((?:bearer|basic|token)\s+)?([^\s"'\\,;}]{4,})/gi;
const bearer = /\b(bearer\s+)([A-Za-z0-9._~+/-]{12,}=*)/gi;

/**
 * Takes secrets out of text: those that are known, keys of known forms, and what follows a name like `authorization` or
 * `api_key`, also inside JSON that is quoted in JSON.
 *
 * @param secrets values that must not appear; shorter than 6 characters they are left, they would be found everywhere
 */
export function redact(text: string, secrets: readonly string[]): string {
  let clean = text;
  // A secret that begins like another one must not leave the rest of it.
  for (const secret of secrets.toSorted((left, right) => right.length - left.length)) {
    if (secret.length < secretCharsMin) continue;
    clean = clean.replaceAll(secret, mark);
    const escaped = JSON.stringify(secret).slice(1, -1);
    if (escaped !== secret) clean = clean.replaceAll(escaped, mark);
  }
  for (const shape of shapes) clean = clean.replace(shape, mark);
  clean = clean.replace(
    named,
    (_, name: string, between: string, scheme: string | undefined) => `${name}${between}${scheme ?? ""}${mark}`,
  );
  return clean.replace(bearer, (_, scheme: string) => `${scheme}${mark}`);
}

const secretCharsMin = 6;
