import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { missingListVariable } from "./requires-package.ts";

/** Says at the end, where nobody can overlook it, which clients were not there. */
export function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), "stormlane-clients-"));
  const list = join(folder, "missing");
  writeFileSync(list, "");
  process.env[missingListVariable] = list;
  return () => {
    const missing = readFileSync(list, "utf8").split("\n").filter(Boolean);
    rmSync(folder, { recursive: true });
    if (missing.length === 0) return;
    process.stderr.write(
      `\nSKIPPED ${missing.length} client suites, not installed: ${missing.join(", ")}\n` +
        "  install them with: npm ci --prefix test/clients --omit=optional\n",
    );
  };
}
