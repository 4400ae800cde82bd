import { GitFailure } from "./failure.ts";
import type { Signature } from "./object.ts";
import type { Session } from "./session.ts";

/** From the environment, else the configuration. Real git may guess one from the host; this one never does. */
export function identity(session: Session, role: "AUTHOR" | "COMMITTER"): Signature {
  const { env } = session.context;
  const name = env[`GIT_${role}_NAME`] ?? session.config("user.name");
  const email = env[`GIT_${role}_EMAIL`] ?? session.config("user.email");
  if (name !== undefined && name !== "" && email !== undefined) {
    return { name, email, atSeconds: Math.floor(session.context.nowMs() / 1000) };
  }
  throw new GitFailure(
    128,
    `${role === "AUTHOR" ? "Author" : "Committer"} identity unknown\n\n` +
      "*** Please tell me who you are.\n\nRun\n\n" +
      '  git config --global user.email "you@example.com"\n' +
      '  git config --global user.name "Your Name"\n\n' +
      "to set your account's default identity.\n" +
      "Omit --global to set the identity only in this repository.\n\n" +
      "fatal: unable to auto-detect email address",
  );
}

/** Each text is a paragraph; blank lines at the ends, doubled blank lines and trailing blanks go. */
export function cleanMessage(texts: readonly string[]): string {
  const lines = texts
    .join("\n\n")
    .split("\n")
    .map((line) => line.replace(/[ \t\r\f\v]+$/, ""));
  const cleaned = lines
    .join("\n")
    .replace(/\n{3,}/g, "\n\n")
    .replace(/^\n+|\n+$/g, "");
  return cleaned === "" ? "" : `${cleaned}\n`;
}
