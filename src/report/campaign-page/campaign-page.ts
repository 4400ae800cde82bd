import { documentStyle } from "../page/document-style.ts";
import { pageDocument } from "../page/page-document.ts";
import { pageScript } from "../page/page-script.ts";
import { campaignBody } from "./campaign-body.ts";
import type { CampaignDocument, EmbeddedCampaign } from "./campaign-document.ts";

/**
 * The campaign page as a whole HTML file, with its document inside it.
 *
 * @param isLive asks its server for a newer document now and then
 */
export function campaignPage(document: CampaignDocument, { isLive }: { readonly isLive: boolean }): string {
  return pageDocument({
    title: `Campaign: ${document.ledger.file}`,
    style: documentStyle(new URL("page/page.css", import.meta.url)),
    script: pageScript(new URL("page/main.ts", import.meta.url)),
    body: campaignBody(document),
    data: { id: "campaign", value: { isLive, document } satisfies EmbeddedCampaign },
    asksServer: isLive,
  });
}
