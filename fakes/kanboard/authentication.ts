import type { HttpHeaders } from "../../src/ports/http.ts";
import type { UserRow } from "./rows.ts";
import type { Store } from "./store.ts";

/** Who sends a request: the application token, a user, or nobody that is known. */
export type Caller =
  | { readonly kind: "token" }
  | { readonly kind: "user"; readonly user: UserRow }
  | { readonly kind: "unknown" };

export interface AuthenticationOptions {
  readonly apiToken: string;
}

/**
 * HTTP Basic: the user `jsonrpc` with the application token, or a user with their password or personal access token.
 * Who has a second factor needs the personal token.
 */
export class Authentication {
  private readonly apiToken: string;
  private readonly tokenHeader: string;

  constructor(options: AuthenticationOptions) {
    this.apiToken = options.apiToken;
    this.tokenHeader = `Basic ${Buffer.from(`jsonrpc:${options.apiToken}`).toString("base64")}`;
  }

  /** Counts wrong passwords: the seventh locks the user, a right one starts anew. */
  identify(headers: HttpHeaders, store: Store, nowS: number): Caller {
    const header = headers["authorization"];
    if (header === this.tokenHeader) return token;
    if (header === undefined || !/^basic /i.test(header)) return unknown;
    const credentials = Buffer.from(header.slice(6), "base64").toString();
    const colon = credentials.indexOf(":");
    if (colon < 0) return unknown;
    const username = credentials.slice(0, colon);
    const password = credentials.slice(colon + 1);
    if (username === "jsonrpc") return password === this.apiToken ? token : unknown;
    return logIn(store, username, password, nowS);
  }
}

function logIn(store: Store, username: string, password: string, nowS: number): Caller {
  const user = store.userNamed(username);
  if (user === undefined) return unknown;
  if (user.lock_expiration_date !== 0 && user.lock_expiration_date >= nowS) return unknown;
  if (user.is_active === 1 && isRight(store, user, password)) {
    if (user.nb_failed_login === 0 && user.lock_expiration_date === 0) return { kind: "user", user };
    return { kind: "user", user: store.users.replace({ ...user, nb_failed_login: 0, lock_expiration_date: 0 }) };
  }
  const failures = user.nb_failed_login + 1;
  const expiry = failures > failuresMax ? nowS + lockDurationS : user.lock_expiration_date;
  store.users.replace({ ...user, nb_failed_login: failures, lock_expiration_date: expiry });
  return unknown;
}

function isRight(store: Store, user: UserRow, password: string): boolean {
  if (user.api_access_token !== null && user.api_access_token === password) return true;
  return user.twofactor_activated !== 1 && store.isPassword(user.id, password);
}

const failuresMax = 6;
const lockDurationS = 15 * 60;

const token: Caller = { kind: "token" };
const unknown: Caller = { kind: "unknown" };
