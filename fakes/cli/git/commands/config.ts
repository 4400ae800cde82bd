import { parseArguments } from "../arguments.ts";
import { GitFailure } from "../failure.ts";
import type { GitRun, Session } from "../session.ts";

/** `git config [--local | --global] [--get] <key> [value]`, `--unset <key>`, `--list`. */
export function* config(session: Session, args: readonly string[]): GitRun {
  const parsed = parseArguments(session, args, {
    flags: {
      "--local": "local",
      "--global": "global",
      "--get": "get",
      "--unset": "unset",
      "--list": "list",
      "-l": "list",
    },
  });
  const scope = parsed.flags.has("global") ? "global" : "local";
  if (scope === "local" && (parsed.operands.length > 1 || parsed.flags.has("local"))) void session.repository;
  yield { kind: "work", durationUs: 2_500, touches: [{ id: `git:${session.cwd}`, rw: "w" }] };
  if (parsed.flags.has("list")) {
    const values = { ...session.configFile("global"), ...session.configFile("local") };
    for (const [key, value] of Object.entries(values)) session.print(`${key}=${value}`);
    return 0;
  }
  const [given, value, ...rest] = parsed.operands;
  if (given === undefined || rest.length > 0) session.unmodelled(args);
  const key = given.toLowerCase();
  if (!key.includes(".")) throw new GitFailure(2, `error: key does not contain a section: ${given}`);
  if (parsed.flags.has("unset")) {
    const { [key]: removed, ...kept } = session.configFile(scope);
    if (removed === undefined) return 5;
    session.writeConfigFile(scope, kept);
    return 0;
  }
  if (value !== undefined && !parsed.flags.has("get")) {
    session.writeConfigFile(scope, { ...session.configFile(scope), [key]: value });
    return 0;
  }
  const limited = parsed.flags.has("global") || parsed.flags.has("local");
  const found = limited ? session.configFile(scope)[key] : session.config(key);
  if (found === undefined) return 1;
  session.print(found);
  return 0;
}
