/** Where a queue is: a Redis, and what all keys begin with. */
export interface RedisAddress {
  readonly options: ServerOptions;
  readonly prefix: string;
  /** As it may be printed: without a password. */
  readonly text: string;
}

interface ServerOptions {
  readonly host: string;
  readonly port: number;
  readonly username?: string;
  readonly password?: string;
  readonly tls?: Record<string, never>;
}

/** @returns the address, or what is wrong with it, to be put behind "is" */
export function parseRedisAddress(text: string): RedisAddress | { readonly why: string } {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (url.protocol !== "redis:" && url.protocol !== "rediss:")) {
    return { why: "no redis:// or rediss:// address" };
  }
  if (url.hostname === "") return { why: "an address without a host" };
  if (url.search !== "" || url.hash !== "") return { why: "an address with parameters, of which there are none" };
  const prefix = url.pathname.replace(/^\//, "") || "stormlane";
  if (!/^[\w.-]{1,64}$/.test(prefix)) {
    return { why: "an address whose path is no prefix: 1 to 64 letters, digits, dots, dashes and underscores" };
  }
  const credentials = readCredentials(url);
  if (credentials === undefined) return { why: "an address whose user or password is not percent-encoded" };
  const port = url.port === "" ? 6379 : Number(url.port);
  return {
    options: {
      host: url.hostname.replace(/^\[(.*)\]$/, "$1"),
      port,
      ...credentials,
      ...(url.protocol === "rediss:" ? { tls: {} } : {}),
    },
    prefix,
    text: `${url.protocol}//${url.hostname}:${port}/${prefix}`,
  };
}

function readCredentials({ username, password }: URL): { username?: string; password?: string } | undefined {
  try {
    return {
      ...(username === "" ? {} : { username: decodeURIComponent(username) }),
      ...(password === "" ? {} : { password: decodeURIComponent(password) }),
    };
  } catch {
    return undefined;
  }
}
