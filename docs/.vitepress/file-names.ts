import type { MarkdownRenderer } from "vitepress";

/**
 * Blocks carry marks behind their language, as `file=board.ts` or `run exit=1`, for the test that runs them
 * (`tools/docs/page-project.ts`). The highlighter would take some of them for numbers of lines, so it gets the language
 * alone; readers get the name of the file.
 */
export function fileNames(markdown: MarkdownRenderer): void {
  const renderFence = markdown.renderer.rules.fence!;
  markdown.renderer.rules.fence = (tokens, index, options, env, self) => {
    const token = tokens[index]!;
    const [language = "", ...marks] = token.info.trim().split(/\s+/);
    const name = marks.find((mark) => mark.startsWith("file="))?.slice("file=".length);
    token.info = language === "console" ? "sh" : language;
    const block = renderFence(tokens, index, options, env, self);
    return name === undefined ? block : `<p class="file-name">${markdown.utils.escapeHtml(name)}</p>\n${block}`;
  };
}
