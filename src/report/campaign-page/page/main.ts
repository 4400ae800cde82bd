import { pageParts, readAtText } from "../campaign-body.ts";
import type { CampaignDocument, EmbeddedCampaign } from "../campaign-document.ts";
import { copyOnClick } from "./copy-buttons.ts";
import { FailureFilter } from "./failure-filter.ts";
import { Parts } from "./parts.ts";
import { offerThemes } from "./theme.ts";

/** Stands first: asking begins while the module is still running. */
const askAgainMs = 2_000;
const embedded = JSON.parse(document.querySelector("#campaign")!.textContent) as EmbeddedCampaign;
const filter = new FailureFilter();
const parts = new Parts(pageParts(embedded.document));
const status = document.querySelector("#status")!;
const news = document.querySelector("#news")!;
offerThemes();
copyOnClick();
filter.apply();
if (embedded.isLive) void keepFresh(embedded.document);

/** Asks for a newer document for as long as somebody looks. */
async function keepFresh(first: CampaignDocument): Promise<void> {
  let shown = first;
  let tag = "";
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, askAgainMs));
    if (document.hidden) continue;
    try {
      const response = await fetch("api/campaign", { headers: { "if-none-match": tag }, cache: "no-store" });
      status.classList.toggle("stale", response.status !== 200 && response.status !== 304);
      if (response.status === 200) {
        const next = (await response.json()) as CampaignDocument;
        tag = response.headers.get("etag") ?? "";
        show(next, shown);
        shown = next;
      } else if (response.status === 304) {
        tell(`live · ${readAtText(shown)}`);
      } else {
        const { error } = (await response.json()) as { readonly error: string };
        tell(error);
      }
    } catch {
      status.classList.add("stale");
      tell(`the server does not answer · as of ${readAtText(shown)}`);
    }
  }
}

function show(next: CampaignDocument, before: CampaignDocument): void {
  parts.show(pageParts(next));
  filter.apply();
  tell(`live · ${readAtText(next)}`);
  const added = next.failures.length - before.failures.length;
  if (added > 0) news.textContent = `${added} more ${added === 1 ? "failure" : "failures"}`;
}

function tell(text: string): void {
  if (status.textContent !== text) status.textContent = text;
}
