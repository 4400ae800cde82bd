/**
 * A token says whose scenario a request belongs to, so that parallel tests, SDKs and command line tools each have
 * state of their own at one provider. Clients differ in what they let a user set, so there are five places. In this
 * order the first one that is present wins:
 *
 * 1. the header `x-stormlane-token`
 * 2. the base path `/stormlane/TOKEN`
 * 3. the API key `stormlane-TOKEN`
 * 4. the model `NAME@TOKEN`
 * 5. a line `token: TOKEN` of the prompt, unless headers name role, key and attempt
 */
export const TOKEN_HEADER = "x-stormlane-token";

export interface WithToken<Rest> {
  readonly token: string | undefined;
  /** What is left without the token. */
  readonly rest: Rest;
}

/** @param path with its query */
export function tokenOfPath(path: string): WithToken<string> {
  if (!path.startsWith(PATH_PREFIX)) return { token: undefined, rest: path };
  const end = path.indexOf("/", PATH_PREFIX.length);
  if (end === -1) return { token: undefined, rest: path };
  return { token: path.slice(PATH_PREFIX.length, end), rest: path.slice(end) };
}

export function tokenOfKey(key: string | undefined): string | undefined {
  return key?.startsWith(KEY_PREFIX) ? key.slice(KEY_PREFIX.length) : undefined;
}

export function tokenOfModel(model: string): WithToken<string> {
  const at = model.lastIndexOf("@");
  return at === -1 ? { token: undefined, rest: model } : { token: model.slice(at + 1), rest: model.slice(0, at) };
}

const PATH_PREFIX = "/stormlane/";
const KEY_PREFIX = "stormlane-";
