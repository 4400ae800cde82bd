import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { campaignDocumentSchema } from "../../../src/cli/schemas/campaign-page.ts";
import { campaignBody, pageParts } from "../../../src/report/campaign-page/campaign-body.ts";
import { campaignPage } from "../../../src/report/campaign-page/campaign-page.ts";
import type { CampaignDocument } from "../../../src/report/campaign-page/campaign-document.ts";
import { fullDocument } from "./documents.ts";

describe("the campaign page", () => {
  test.each([
    "<img src=x onerror=alert(1)>",
    `"'><script>alert(1)</script>`,
    "</script><!--",
    "</style><base href=//evil.example>",
  ])("takes no text of a document for markup, wherever it stands: %s", (attack) => {
    const own = markupOf(campaignPage(fullDocument(), { isLive: false }));
    const page = campaignPage(
      withTexts(fullDocument(), (text) => text + attack),
      { isLive: false },
    );
    expect(markupOf(page)).toEqual(own);
  });

  test("holds its document, whole and as it was", () => {
    const document = withTexts(fullDocument(), (text) => `${text}</script>\u2028<!--`);
    const page = campaignPage(document, { isLive: true });
    const [, json] = /<script type="application\/json" id="campaign">([^<]*)<\/script>/.exec(page) ?? [];
    expect(JSON.parse(json!)).toEqual({ isLive: true, document });
  });

  test("asks its server only when it has one", () => {
    expect(campaignPage(fullDocument(), { isLive: true })).toContain("connect-src &#39;self&#39;");
    expect(campaignPage(fullDocument(), { isLive: false })).toContain("connect-src &#39;none&#39;");
  });

  test("brings a script that a browser can read", () => {
    const [, script] = /<script>(.*)<\/script>/s.exec(campaignPage(fullDocument(), { isLive: true })) ?? [];
    const reached: string[] = [];
    const browser = { document: { querySelector: (selector: string) => void reached.push(selector) } };
    expect(() => runInNewContext(script!, browser)).toThrow("textContent");
    expect(reached).toEqual(["#campaign"]);
  });

  test("has an id for no two elements", () => {
    const { text } = campaignBody(fullDocument());
    const ids = [...text.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(ids.length).toBeGreaterThan(10);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe("the summary", () => {
  const held: CampaignDocument = {
    ...fullDocument(),
    failures: [],
    totals: { ...fullDocument().totals, limitRuns: 0, failedRuns: 0, mismatches: 0 },
    targets: fullDocument().targets.map((target) => ({ ...target, mismatches: [], sometimes: [] })),
  };

  test("says that all held only when nothing speaks against it", () => {
    expect(partText(held, "summary")).toContain("All held in 2,000 runs");
    expect(partText(held, "summary")).not.toContain("doubt");
    const [target] = held.targets;
    const never = { name: "pigs flew", hits: 0, rate: { estimate: 0, low: 0, high: 0.002 } };
    const doubts: CampaignDocument[] = [
      { ...held, targets: [{ ...target!, sometimes: [never] }] },
      { ...held, totals: { ...held.totals, limitRuns: 3 } },
      { ...held, ledger: { ...held.ledger, presentCode: "cccccccccccccccc" } },
    ];
    const reasons = [
      "1 goal never reached in 2,000 runs: pigs flew",
      "3 runs (0.15 %) came to a limit",
      "The code has changed since",
    ];
    for (const [index, document] of doubts.entries()) {
      expect(partText(document, "summary")).toContain("All held in 2,000 runs, with a doubt");
      expect(partText(document, "summary")).toContain(reasons[index]);
    }
  });

  test("leads with what failed, and does not count what is resolved", () => {
    expect(partText(fullDocument(), "summary")).toContain("1 new failure in 2,000 runs");
    const unseen = {
      ...fullDocument(),
      failures: [{ ...fullDocument().failures[0]!, state: "rare" as const, hits: 0 }],
    };
    expect(partText(unseen, "summary")).toContain("1 rare failure, not seen in 2,000 runs of the latest code");
    const differs = { ...held, targets: [{ ...held.targets[0]!, mismatches: [41] }] };
    expect(partText(differs, "summary")).toContain("Runs of one seed differ");
    const nothing = { ...held, targets: [], totals: { ...held.totals, runs: 0 } };
    expect(partText(nothing, "summary")).toContain("Nothing has run yet");
  });
});

describe("the parts", () => {
  test("are without mutants and profile where there are none", () => {
    const ids = pageParts({ ...fullDocument(), mutants: null, profile: null }).map(({ id }) => id);
    expect(ids).toEqual(["summary", "failures", "saturation", "invariants", "goals", "runs"]);
  });

  test("of an empty ledger say so", () => {
    const empty: CampaignDocument = {
      ...fullDocument(),
      ledger: { ...fullDocument().ledger, sessions: [], latestCode: null },
      targets: [],
      failures: [],
    };
    for (const id of ["failures", "saturation", "invariants", "goals", "runs"]) {
      expect(partText(empty, id), id).toContain(`class="empty"`);
    }
  });

  test("show broken rules first, then those that judged nothing, then by number", () => {
    const rows = [...partText(fullDocument(), "invariants").matchAll(/<span class="mono">([^<]+)<\/span>/g)];
    expect(rows.map(([, id]) => id)).toEqual(["I2", "L1", "I10"]);
  });
});

function partText(document: CampaignDocument, id: string): string {
  return pageParts(document).find((part) => part.id === id)!.content.text;
}

/** The tags of a page with the names of their attributes: what its texts must not change. */
function markupOf(page: string): readonly string[] {
  const withoutData = page.replace(/(<script type="application\/json"[^>]*>)[^<]*/, "$1");
  return [...withoutData.matchAll(/<[a-z!/][^>]*>/gi)].map(([tag]) => tag.replaceAll(/="[^"]*"/g, ""));
}

/** Changes each text of a document that may come from elsewhere; what has few values or names a place stays. */
function withTexts(document: CampaignDocument, change: (text: string) => string): CampaignDocument {
  const own = new Set(["command", "state", "id", "readAt", "kind", "latestCode", "presentCode", "code"]);
  const walk = (value: unknown, key: string): unknown => {
    if (typeof value === "string") return own.has(key) ? value : change(value);
    if (Array.isArray(value)) return value.map((each) => walk(each, key));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, walk(each, name)]));
  };
  return campaignDocumentSchema.parse(walk(document, ""));
}
