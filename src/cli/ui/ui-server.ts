import { Hono } from "hono";
import { LedgerError } from "../../campaign/ledger/ledger-error.ts";
import { campaignPage } from "../../report/campaign-page/campaign-page.ts";
import { messagePage } from "../../report/campaign-page/message-page.ts";
import { defaultListenerLimits, HttpListener, type ServedApp } from "../../serving/http-listener.ts";
import type { Catalogue } from "../catalogue.ts";
import { UsageError } from "../usage-error.ts";
import type { CampaignReader, FoundFailure, ReplayOfFailure } from "./campaign-reader.ts";
import { failureViewer, reproOf } from "./failure-viewer.ts";
import { FreshDocument } from "./fresh-document.ts";

export interface UiServerOptions {
  /** 0 = any free one. */
  readonly port: number;
  readonly reader: CampaignReader;
  readonly catalogue: Catalogue;
  readonly replayOf: (failure: FoundFailure) => ReplayOfFailure;
}

/** Serves the campaign page on 127.0.0.1. @throws UsageError when the port cannot be had */
export async function startUiServer(options: UiServerOptions): Promise<HttpListener> {
  let listener: HttpListener;
  try {
    listener = await HttpListener.open(options.port, defaultListenerLimits);
  } catch (error) {
    const { code = "unknown" } = error as NodeJS.ErrnoException;
    const why = code === "EADDRINUSE" ? "another process listens on it" : `cannot be had (${code})`;
    throw new UsageError({ what: `--port ${options.port}`, why, fix: "use another port, or 0 for any free one" });
  }
  listener.serve(uiApp(options, listener.port));
  return listener;
}

/**
 * `/` the page, `/api/campaign` its document, `/failure/ID` a viewer, `/failure/ID/repro.json` its case. It only reads.
 */
function uiApp({ reader, catalogue, replayOf }: UiServerOptions, port: number): ServedApp {
  const fresh = new FreshDocument(reader);
  const app: ServedApp = new Hono();
  const ownNames = new Set([`127.0.0.1:${port}`, `localhost:${port}`]);
  app.use(async (context, next) => {
    // A name that somebody else made lead here would let their page read this one.
    if (!ownNames.has(context.req.header("host") ?? "")) return context.text("this server has another name", 403);
    await next();
    context.header("cache-control", "no-store");
    context.header("x-content-type-options", "nosniff");
    context.header("x-frame-options", "DENY");
    context.header("cross-origin-resource-policy", "same-origin");
    return undefined;
  });
  app.get("/", (context) => context.html(campaignPage(fresh.get().document, { isLive: true })));
  app.get("/api/campaign", (context) => {
    const { tag, document } = fresh.get();
    context.header("etag", tag);
    return context.req.header("if-none-match") === tag ? context.body(null, 304) : context.json(document);
  });
  app.get("/failure/:id/repro.json", (context) => {
    const found = reader.find(context.req.param("id"));
    const repro = found === undefined ? undefined : reproOf(found);
    if (found === undefined || repro === undefined) return context.html(noSuchFailure, 404);
    context.header("content-disposition", `attachment; filename="${found.id}.json"`);
    return context.body(`${JSON.stringify(repro, undefined, 2)}\n`, 200, { "content-type": "application/json" });
  });
  app.get("/failure/:id", async (context) => {
    const found = reader.find(context.req.param("id"));
    const repro = found === undefined ? undefined : reproOf(found);
    if (found === undefined || repro === undefined) return context.html(noSuchFailure, 404);
    return context.html(await failureViewer({ found, repro, replayCommand: replayOf(found).command, catalogue }));
  });
  app.notFound((context) => context.html(messagePage("Not found", "There is no such page.", "/"), 404));
  app.onError((error, context) => {
    const status = error instanceof LedgerError ? 503 : error instanceof UsageError ? 409 : 500;
    if (context.req.path.startsWith("/api/")) return context.json({ error: error.message }, status);
    return context.html(messagePage("This cannot be shown", error.message, "/"), status);
  });
  return app;
}

const noSuchFailure = messagePage(
  "No such failure",
  "The ledger has no failure of this name that left a case. It may be one of another ledger, or of a ledger that was begun anew.",
  "/",
);
