/** Where a request goes: a URL taken apart once. */
export interface Address {
  readonly protocol: string;
  readonly href: string;
  /** Of the URL as the network knows it: names of loopback are one host. */
  readonly hostname: string;
  readonly origin: string;
  /** All of it but the fragment. */
  readonly target: string;
  /** Host and path. Queries hold ids and secrets. */
  readonly label: string;
}

export function addressOf(written: URL): Address {
  const url = loopbackByAddress(written);
  const { origin, pathname } = url;
  return {
    protocol: written.protocol,
    href: written.href,
    hostname: url.hostname,
    origin,
    target: `${origin}${pathname}${url.search}`,
    label: `${url.host}${pathname}`,
  };
}

/** Addresses as they are written in the code of a process: most of its requests go to few. */
export class AddressBook {
  private readonly known = new Map<string, Address | undefined>();

  /** @returns undefined for what is no URL, or names a user */
  read(text: string): Address | undefined {
    if (this.known.has(text)) return this.known.get(text);
    const url = URL.parse(text);
    const address = url === null || url.username !== "" ? undefined : addressOf(url);
    if (this.known.size >= addressesKeptMax) this.known.clear();
    this.known.set(text, address);
    return address;
  }
}

const addressesKeptMax = 1_000;

function loopbackByAddress(url: URL): URL {
  if (!/^(?:localhost|\[::1?\]|0\.0\.0\.0)$/.test(url.hostname)) return url;
  const own = new URL(url.href);
  own.hostname = "127.0.0.1";
  return own;
}
