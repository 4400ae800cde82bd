import type { Declaration } from "./declarations.ts";
import { readDoor } from "./declarations.ts";
import { textOf } from "./pages.ts";

/** What can be imported from the package, a page for each name of it: file name to text. */
export function apiPages(): Map<string, string> {
  return new Map(doors().map(({ specifier, path }) => [`${fileNameOf(specifier)}.md`, doorPage(specifier, path)]));
}

export interface PublicDoor {
  /** As `stormlane/ports`. */
  readonly specifier: string;
  /** From the root of the repository. */
  readonly path: string;
}

/** As package.json exports them. */
export function doors(): PublicDoor[] {
  const { exports } = JSON.parse(textOf("package.json")) as {
    exports: Readonly<Record<string, string | { readonly types: string }>>;
  };
  return Object.entries(exports).flatMap(([name, target]) => {
    if (typeof target === "string") return [];
    const path = target.types.replace("./dist/", "").replace(/\.d\.ts$/, ".ts");
    return [{ specifier: `stormlane${name.slice(1)}`, path }];
  });
}

/** `stormlane/ports` has the page `ports`. */
export function fileNameOf(specifier: string): string {
  return specifier.split("/")[1] ?? "stormlane";
}

function doorPage(specifier: string, path: string): string {
  const { about, declarations, wholes } = readDoor(path);
  const groups: [string, readonly Declaration["kind"][]][] = [
    ["Functions", ["function"]],
    ["Classes", ["class"]],
    ["Values", ["value"]],
    ["Types", ["type"]],
  ];
  const sections = groups.flatMap(([title, kinds]) => {
    const members = declarations
      .filter(({ kind }) => kinds.includes(kind))
      .toSorted((left, right) => (left.name < right.name ? -1 : 1));
    return members.length === 0 ? [] : [`## ${title}`, ...members.flatMap(memberSection)];
  });
  return `${[
    `# ${specifier}`,
    "<!-- Made by tools/docs/reference.ts out of docstrings. `npm run docs:reference` makes it again. -->",
    markdown(about),
    ...wholes.map(wholeSection),
    ...sections,
  ]
    .filter((part) => part !== "")
    .join("\n\n")}\n`;
}

function wholeSection(whole: string): string {
  const [source = "", name] = whole.split(" as ");
  if (name !== undefined)
    return `\`${name}\` is all of the package [${source}](https://www.npmjs.com/package/${source}).`;
  const door = source.replace(/^\.\//, "").replace(/\.ts$/, "");
  return `Besides, all of [stormlane/${door}](${door}.md).`;
}

function memberSection({ name, docstring, signature, path }: Declaration): string[] {
  return [`### ${name}`, markdown(docstring), `\`\`\`ts signature\n${signature}\n\`\`\``, `Source: \`${path}\``];
}

/** A docstring as Markdown: what `<` begins is text, and tags are a list. */
function markdown(docstring: string): string {
  const [text = "", ...tags] = docstring.split(/^(?=@(?:param|returns|throws)\b)/m);
  const items = tags.map((tag) => {
    const [, kind, name, rest] = /^@(param|returns|throws)\s+(?:(?<=@param\s+)(\w+)\s+)?([\s\S]*)$/.exec(tag.trim())!;
    const about = rest!.replaceAll(/\s*\n\s*/g, " ");
    return kind === "param" ? `- \`${name}\`: ${about}` : `- ${kind} ${about}`;
  });
  return withTextAsText([text.trim(), items.join("\n")].filter((part) => part !== "").join("\n\n"));
}

/** Outside of code, `<` and `{{` are no markup. */
function withTextAsText(text: string): string {
  return text
    .split(/(```[\s\S]*?```|`[^`]*`)/)
    .map((part, index) =>
      index % 2 === 1
        ? part.replace(/^```ts$/m, "```ts signature")
        : part.replaceAll("<", "&lt;").replaceAll("{{", "{&#123;"),
    )
    .join("");
}
