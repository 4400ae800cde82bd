import { describe, expect, test } from "vitest";
import { Kanboard } from "../../../fakes/kanboard/kanboard.ts";
import { exchange } from "./golden.ts";

/** Status of a call with a user name and a password. */
function statusOf(board: Kanboard, auth: string, timeS = 1_000_000): number | undefined {
  const body = JSON.stringify({ jsonrpc: "2.0", method: "getMe", id: 1 });
  const { response } = exchange(board, {
    req: { method: "POST", path: "/jsonrpc.php", headers: {}, auth, body },
    t: timeS,
  });
  return "status" in response ? response.status : undefined;
}

function boardOfAnn(): Kanboard {
  const board = new Kanboard({ origin: "http://board.test", apiToken: "token" });
  board.seed("createUser", { username: "ann", password: "secret" }, 0);
  return board;
}

describe("a user", () => {
  test("comes in with the password, or with the personal access token", () => {
    const board = boardOfAnn();
    expect([statusOf(board, "ann:secret"), statusOf(board, "ann:personal")]).toEqual([200, 401]);
    board.setCredentials("ann", { accessToken: "personal" });
    expect([statusOf(board, "ann:secret"), statusOf(board, "ann:personal")]).toEqual([200, 200]);
    board.setCredentials("ann", { accessToken: null });
    expect([statusOf(board, "ann:secret"), statusOf(board, "ann:personal")]).toEqual([200, 401]);
  });

  test("with a second factor comes in with the token alone", () => {
    const board = boardOfAnn();
    board.setCredentials("ann", { accessToken: "personal", hasSecondFactor: true });
    expect([statusOf(board, "ann:secret"), statusOf(board, "ann:personal")]).toEqual([401, 200]);
  });

  test("is locked out for a quarter of an hour by seven wrong passwords, the token too", () => {
    const board = boardOfAnn();
    board.setCredentials("ann", { accessToken: "personal" });
    for (let attempt = 0; attempt < 7; attempt++) expect(statusOf(board, "ann:wrong")).toBe(401);
    expect([statusOf(board, "ann:secret"), statusOf(board, "ann:personal")]).toEqual([401, 401]);
    expect(statusOf(board, "ann:personal", 1_000_000 + 15 * 60 + 1)).toBe(200);
  });

  test("without an application role may call nothing", () => {
    const board = boardOfAnn();
    board.seed("updateUser", { id: 2, role: "" }, 0);
    expect(statusOf(board, "ann:secret")).toBe(403);
  });
});
