/** What PHP takes for an address of a page. */

/** As `filter_var` with `FILTER_VALIDATE_URL`: printable ASCII alone, a scheme, and mostly a host. */
export function isUrl(text: string): boolean {
  if (!/^[\x21-\x7e]+$/.test(text)) return false;
  const [, scheme, rest] = /^([a-z0-9+.-]+):(.*)$/i.exec(text) ?? [];
  if (scheme === undefined || rest === undefined) return false;
  if (!rest.startsWith("//")) return /^(?:mailto|news|file)$/.test(scheme);
  const authority = /^\/\/([^/?#]*)/.exec(rest)![1]!;
  if (authority === "") return scheme === "file" && rest.startsWith("///");
  const [user, place] = splitUser(authority);
  if (!/^[\w\-.~!$&'()*+,;=:%]*$/.test(user) || !isPort(place)) return false;
  return /^https?$/i.test(scheme) ? isHost(hostOf(place)) : hostOf(place) !== "";
}

/** Without user and port. */
export function hostOf(authority: string): string {
  const place = splitUser(authority)[1];
  return place.startsWith("[") ? place.replace(/\].*$/, "]") : place.replace(/:\d*$/, "");
}

/** Of a private network or of the machine itself. */
export function isPrivate(host: string): boolean {
  return (
    host.toLowerCase() === "localhost" ||
    /^(?:0|10|127|169\.254|192\.168|172\.(?:1[6-9]|2\d|3[01])|2[4-5]\d)\.[\d.]+$/.test(host) ||
    /^\[(?:::1?|f[cd].*|fe[89ab].*)\]$/i.test(host)
  );
}

function splitUser(authority: string): readonly [user: string, place: string] {
  const at = authority.lastIndexOf("@");
  return at < 0 ? ["", authority] : [authority.slice(0, at), authority.slice(at + 1)];
}

function isPort(place: string): boolean {
  const port = /:([^\]]*)$/.exec(place)?.[1];
  return port === undefined || (/^\d{0,5}$/.test(port) && Number(port) <= 65_535);
}

/** Labels of letters, digits and hyphens within; or an address of IPv6. */
function isHost(host: string): boolean {
  if (/^\[[\da-f:.]+\]$/i.test(host)) return true;
  const name = host.endsWith(".") ? host.slice(0, -1) : host;
  if (name.length > 253) return false;
  return name.split(".").every((label) => /^[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?$/i.test(label));
}
