import { createRequire } from "node:module";

/** The packages that a user installs only for what needs them: the optional peers of `package.json`. */
export type PeerName = "bullmq" | "ioredis" | "msw" | "vitest";

/**
 * Loads modules that need optional packages.
 *
 * @param feature what the user asked for, as a command or an import is written
 * @throws {MissingPeer} when one of the packages is not installed; whatever else goes wrong in `load` as it is
 */
export async function withPeers<Loaded>(
  feature: string,
  peers: readonly PeerName[],
  load: () => Promise<Loaded>,
): Promise<Loaded> {
  try {
    return await load();
  } catch (error) {
    if (!peers.some((peer) => isAbsent(error, peer))) throw error;
    throw new MissingPeer(feature, peers);
  }
}

/** The user's to mend, with one command. */
export class MissingPeer extends Error {
  override readonly name = "MissingPeer";

  constructor(feature: string, peers: readonly PeerName[]) {
    const [verb, noun] = peers.length === 1 ? ["is", "an optional package"] : ["are", "optional packages"];
    super(
      `${feature}: needs ${peers.join(" and ")}, which ${verb} not installed (${noun}); ` +
        `run: npm install ${peers.map(withRange).join(" ")}`,
    );
  }
}

/** Node's loader says so of the package itself and of a file in it; a file that is missing there is a broken install. */
function isAbsent(error: unknown, peer: PeerName): boolean {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === "ERR_MODULE_NOT_FOUND" && message.startsWith(`Cannot find package '${peer}'`);
}

/** As `package.json` names it, in words that no shell takes for its own. */
function withRange(peer: PeerName): string {
  const manifest = createRequire(import.meta.url)("stormlane/package.json") as {
    readonly peerDependencies: Readonly<Record<PeerName, string>>;
  };
  return `${peer}@${manifest.peerDependencies[peer]}`;
}
