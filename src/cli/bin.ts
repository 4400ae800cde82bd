#!/usr/bin/env node
// Nothing else may be imported before the version is checked: an old Node would die of syntax it does not know.
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
const isSupported = major >= 26 || major === 24 || (major === 22 && minor >= 18);

if (isSupported) {
  (await import("node:module")).enableCompileCache();
  const { runInProcess } = await import("./main.ts");
  await runInProcess();
} else {
  process.stderr.write(
    `stormlane: Node ${process.versions.node}: not supported; use Node 22.18 or later, 24, or 26 and later\n`,
  );
  process.exitCode = 2;
}
