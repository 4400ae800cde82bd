import { createHash } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { emptyCase } from "../../../src/explore/explorer.ts";
import type { HistoryEvent } from "../../../src/history/event.ts";
import { installGuards } from "../../../src/kernel/guards.ts";
import { viewerPage, type ViewerInput } from "../../../src/report/viewer/viewer-page.ts";
import type { ViewerDocument } from "../../../src/report/viewer/viewer-document.ts";
import { unpackEvents } from "../../../src/report/viewer/packed-events.ts";
import { toy } from "../../campaign/toy-scenarios.ts";

beforeAll(() => installGuards());

const hostile = `</script><img src=x onerror="document.title='owned'"><!-- & ' "`;
const events: HistoryEvent[] = [
  {
    kind: "change",
    atUs: 1,
    op: undefined,
    change: {
      store: "board",
      type: "card.created",
      card: 1,
      title: hostile,
      reference: hostile,
      column: hostile,
      tags: [hostile],
    },
  },
  {
    kind: "change",
    atUs: 2,
    op: undefined,
    change: { store: "board", type: "comment.created", card: 1, comment: 1, text: hostile },
  },
];
const input: ViewerInput = {
  title: hostile,
  version: "0.1.0",
  case: emptyCase(toy("counter-racy"), 1, 1),
  events,
  verdictText: hostile,
  replayCommand: hostile,
  story: [hostile],
  explanation: [hostile],
  neighbour: { removed: hostile, events },
  violation: {
    invariant: hostile,
    rule: hostile,
    place: hostile,
    message: hostile,
    expected: hostile,
    actual: { hostile },
    atUs: 2,
    eventIndex: 2,
  },
};

describe("the page of a viewer", () => {
  const page = viewerPage(input);

  test("holds no text of a run outside its data and its title, where it is escaped", () => {
    const [, data] = /<script type="application\/json" id="run">(.*?)<\/script>/s.exec(page)!;
    expect(data).not.toContain("<");
    const shown = JSON.parse(data!) as ViewerDocument;
    expect(shown.title).toBe(hostile);
    expect(unpackEvents(shown.run)).toEqual(events);
    expect(page.replace(data!, "")).not.toContain("<img");
    expect(page.match(/<\/script>/g)).toHaveLength(2);
  });

  test("loads nothing, and lets no script run but its own", () => {
    const [, quoted] = /Content-Security-Policy" content="([^"]+)"/.exec(page)!;
    const policy = quoted!.replaceAll("&#39;", "'");
    const [, script] = /<\/script>\s*<script>(.*)<\/script>/s.exec(page)!;
    const hash = createHash("sha256").update(script!).digest("base64");
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain(`script-src 'sha256-${hash}'`);
    expect(policy).not.toContain("unsafe");
    expect(page).not.toMatch(/(?:src|href)="(?!data:)/);
  });

  test("is the same for the same run", () => {
    expect(viewerPage(input)).toBe(page);
  });

  test("of a run that held names no violation", () => {
    const { violation: _, neighbour: __, ...held } = input;
    const [, data] = /id="run">(.*?)<\/script>/s.exec(viewerPage({ ...held, title: "fine" }))!;
    expect(JSON.parse(data!)).toMatchObject({ title: "fine", violation: null, neighbour: null });
  });
});
