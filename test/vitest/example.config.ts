import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const repository = fileURLToPath(new URL("../../", import.meta.url));

/** The example as it is, but for this package: its source instead of what is built of it. */
export default defineConfig({
  root: `${repository}examples/vitest`,
  cacheDir: `${repository}node_modules/.vite`,
  resolve: { alias: doors() },
});

function doors(): { find: RegExp; replacement: string }[] {
  const { exports } = JSON.parse(readFileSync(`${repository}package.json`, "utf8")) as {
    readonly exports: Readonly<Record<string, string | { readonly default: string }>>;
  };
  return Object.entries(exports).flatMap(([door, target]) => {
    if (typeof target === "string") return [];
    const source = target.default.replace("./dist/", repository).replace(/\.js$/, ".ts");
    return [{ find: new RegExp(`^stormlane${door.slice(1)}$`), replacement: source }];
  });
}
