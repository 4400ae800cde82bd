import { withPeers } from "../peers/with-peers.ts";

/** vitest is an optional peer: whoever opens this door without it is told how to get it. */
export const vitest = await withPeers("stormlane/vitest", ["vitest"], () => import("vitest"));
