import { posix } from "node:path";
import type { MarkdownRenderer } from "vitepress";

/** What stands at a place of a page, as markdown-it hands it to a rule. */
interface Place {
  readonly tokens: Token[];
  readonly index: number;
}

type Token = Parameters<NonNullable<MarkdownRenderer["renderer"]["rules"]["link_open"]>>[0][number];

/**
 * Pages link to files of the repository beside `docs/`, and these are no pages of the site. In the clone such a link
 * works as it is; here it becomes its text with the path behind it, or a link to the repository where the environment
 * names one, as GitHub Actions does. `test/docs/links.test.ts` holds that the file exists.
 */
export function linkOutOfDocs(markdown: MarkdownRenderer): void {
  const renderLink = markdown.renderer.rules.link_open;
  const repository = repositoryUrl(process.env);
  markdown.renderer.rules.link_open = (tokens, index, options, env: { relativePath?: string }, self) => {
    const path = pathOutOfDocs(tokens[index]!.attrGet("href") ?? "", env.relativePath ?? "");
    if (path === undefined) return renderLink!(tokens, index, options, env, self);
    if (repository !== undefined) return `<a href="${repository}/blob/main/${path}" target="_blank" rel="noreferrer">`;
    closingOf({ tokens, index }).meta = { path };
    return "<span>";
  };
  markdown.renderer.rules.link_close = (tokens, index, options, _env, self) => {
    const path = (tokens[index]!.meta as { path?: string } | null)?.path;
    return path === undefined ? self.renderToken(tokens, index, options) : `</span> (<code>${path}</code>)`;
  };
}

/** @returns the path from the root of the repository, when the target is a file outside `docs/` */
function pathOutOfDocs(target: string, page: string): string | undefined {
  if (!target.startsWith(".")) return undefined;
  const path = posix.join("docs", posix.dirname(page), target);
  return path.startsWith("docs/") ? undefined : path;
}

function repositoryUrl(env: NodeJS.ProcessEnv): string | undefined {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: name } = env;
  return server === undefined || name === undefined ? undefined : `${server}/${name}`;
}

/** Links do not nest: the first closing one behind a link is its own. */
function closingOf({ tokens, index }: Place): Token {
  return tokens.slice(index).find(({ type }) => type === "link_close")!;
}
