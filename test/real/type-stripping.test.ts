import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";

const modules = JSON.stringify(new URL("../../src/index.ts", import.meta.url).href);
const guard = JSON.stringify(new URL("../../src/real/type-stripping.ts", import.meta.url).href);

/** What V8 tells of WebAssembly code that it frees while two threads load TypeScript. */
function freedCode(before: string): string {
  const program = `
    import { Worker } from "node:worker_threads";
    ${before}
    const thread = () => new Promise((resolve) => {
      new Worker('import(${modules})', { eval: true }).on("exit", resolve);
    });
    await Promise.all([thread(), thread()]);`;
  const flags = ["--no-warnings", "--trace-wasm-code-gc", "--stress-wasm-code-gc", "--input-type=module"];
  return execFileSync(process.execPath, [...flags, "--eval", program], { encoding: "utf8" });
}

test("threads that load TypeScript free no code of the type stripper", () => {
  expect(freedCode("")).toContain("[wasm-gc]");
  expect(freedCode(`(await import(${guard})).keepCodeOfTypeStripping();`)).not.toContain("[wasm-gc]");
});
