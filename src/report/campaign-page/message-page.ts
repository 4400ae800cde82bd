import { documentStyle } from "../page/document-style.ts";
import { markup } from "../page/markup.ts";
import { pageDocument } from "../page/page-document.ts";

/** A page that only says why there is nothing else to see. @param campaign the address of the campaign page */
export function messagePage(title: string, text: string, campaign: string): string {
  return pageDocument({
    title,
    style: documentStyle(new URL("page/page.css", import.meta.url)),
    script: "",
    body: markup`<main><header><h1>${title}</h1></header><p class="message">${text}</p><p><a href="${campaign}">Back to the campaign</a></p></main>`,
  });
}
