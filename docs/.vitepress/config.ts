import { readFileSync } from "node:fs";
import { defineConfig } from "vitepress";
import { sidebar } from "./sidebar.ts";
import { fileNames } from "./file-names.ts";
import { linkOutOfDocs } from "./link-out-of-docs.ts";
import { slugOfHeading } from "./slug-of-heading.ts";

/** The pages of this folder as a site. It loads nothing from the network: no fonts, no search service. */
export default defineConfig({
  title: "Stormlane",
  description: "Deterministic simulation and fault injection for agent orchestrators that work a ticket board",
  lang: "en",
  head: [
    // Browsers would ask for one.
    ["link", { rel: "icon", href: "data:," }],
    ["style", {}, readFileSync(new URL("style.css", import.meta.url), "utf8")],
  ],
  cleanUrls: true,
  // A link to a page that is not there ends the build.
  ignoreDeadLinks: false,
  // What a build makes depends on the pages alone, not on when it ran.
  lastUpdated: false,
  metaChunk: true,
  markdown: {
    // The usual ones are too pale to read on a grey ground.
    theme: { light: "github-light-high-contrast", dark: "github-dark-high-contrast" },
    anchor: { slugify: slugOfHeading },
    config: (markdown) => void markdown.use(linkOutOfDocs).use(fileNames),
  },
  themeConfig: {
    nav: [
      { text: "Tutorial", link: "/tutorial" },
      { text: "How-to", link: "/how-to/", activeMatch: "^/how-to/" },
      { text: "Concepts", link: "/concepts/", activeMatch: "^/concepts/" },
      { text: "Reference", link: "/reference/", activeMatch: "^/reference/" },
      { text: "What the fakes model", link: "/fakes" },
      { text: "Comparison", link: "/comparison" },
    ],
    sidebar,
    outline: [2, 3],
    search: { provider: "local" },
    externalLinkIcon: true,
  },
});
