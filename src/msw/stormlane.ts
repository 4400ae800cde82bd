import type { HttpHandler } from "msw";
import { withPeers } from "../peers/with-peers.ts";
import { InProcessFakes, type InProcessOptions } from "./in-process-fakes.ts";

/**
 * The fakes inside a suite of its user's own, behind msw 3 or behind one `fetch`: `stormlane/msw`.
 *
 * msw lets requests that nobody handles leave, unless it is told not to; the option is `onUnhandledFrame`:
 *
 * ```ts
 * const fakes = new InProcessFakes({ board: { projects: [{ name: "shop" }] } });
 * const server = setupServer(...stormlaneHandlers(fakes));
 * server.listen({ onUnhandledFrame: "error" });
 * ```
 */
export { InProcessFakes, type InProcessOptions } from "./in-process-fakes.ts";
export { ServingClock, type ServingClockOptions } from "../serving/serving-clock.ts";
export { ScenarioMistake } from "../serving/scenario-file.ts";

const { http, HttpResponse } = await withPeers("stormlane/msw", ["msw"], () => import("msw"));

/** Handlers for all requests to the fakes' origins. */
export function stormlaneHandlers(fakes: InProcessFakes | InProcessOptions = {}): HttpHandler[] {
  const inProcess = fakesOf(fakes);
  return inProcess.origins.map((origin) =>
    http.all(`${origin}/*`, async ({ request }) => {
      try {
        return await inProcess.fetch(request);
      } catch {
        // A handler that rejects would be answered with 500; this is how a broken connection looks to its client.
        return HttpResponse.error();
      }
    }),
  );
}

/** A `fetch` for SDKs that take one. It reaches the fakes and nothing else. */
export function stormlaneFetch(fakes: InProcessFakes | InProcessOptions = {}): typeof globalThis.fetch {
  const inProcess = fakesOf(fakes);
  return (input, init) => inProcess.fetch(new Request(input, init));
}

function fakesOf(fakes: InProcessFakes | InProcessOptions): InProcessFakes {
  return fakes instanceof InProcessFakes ? fakes : new InProcessFakes(fakes);
}
