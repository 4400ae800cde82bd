import fc from "fast-check";
import { expect, test } from "vitest";
import type { JsonObject } from "../../../src/base/json.ts";
import { boardFrom, boardWith, call } from "./requests.ts";

/** The board's order of cards, held against the plain way to do it: every position written anew at every move. */

type Card = { id: number; column: number; position: number; isOpen: boolean };

class PlainBoard {
  readonly cards: Card[] = [];

  openAt(column: number, except?: Card): Card[] {
    return this.cards
      .filter((card) => card.isOpen && card.column === column && card !== except)
      .toSorted((left, right) => left.position - right.position || left.id - right.id);
  }

  create(column: number): void {
    const id = Math.max(0, ...this.cards.map((card) => card.id)) + 1;
    this.cards.push({ id, column, position: this.openAt(column).length + 1, isOpen: true });
  }

  move(card: Card, column: number, position: number): void {
    if (card.column === column && card.position === position) return;
    if (card.column !== column) this.renumber(card, card.column, 0);
    this.renumber(card, column, position);
  }

  private renumber(card: Card, column: number, position: number): void {
    let offset = 1;
    for (const other of this.openAt(column, card)) {
      if (position === offset) Object.assign(card, { column, position: offset++ });
      other.position = offset++;
    }
    if (position >= offset) Object.assign(card, { column, position: offset });
  }
}

const columns = fc.integer({ min: 1, max: 3 });
const step = fc.oneof(
  fc.record({ kind: fc.constant("create" as const), column: columns }),
  fc.record({
    kind: fc.constant("move" as const),
    at: fc.nat(),
    column: columns,
    position: fc.oneof(fc.integer({ min: 1, max: 9 }), fc.constantFrom(1.5, 2.5, 40)),
  }),
  fc.record({ kind: fc.constantFrom("close" as const, "open" as const, "remove" as const), at: fc.nat() }),
);

test("cards stand where a server that writes every position anew has them", () => {
  const initial = boardWith(0).state();
  fc.assert(
    fc.property(fc.nat(45), fc.array(step, { maxLength: 30 }), (size, steps) => {
      const board = boardFrom(initial);
      const plain = new PlainBoard();
      const create = (column: number): void => {
        plain.create(column);
        call(board, "createTask", { title: "card", project_id: 1, column_id: column });
      };
      const compare = (): void => {
        const listed = [0, 1].flatMap((status) => call(board, "getAllTasks", [1, status]) as readonly JsonObject[]);
        const seen = listed.map(({ id, column_id, position }) => ({ id, column_id, position }));
        const expected = [false, true].flatMap((isOpen) =>
          plain.cards
            .filter((card) => card.isOpen === isOpen)
            .map(({ id, column, position }) => ({ id, column_id: column, position })),
        );
        expect(seen).toEqual(expected);
      };
      for (let card = 0; card < size; card++) create(1);
      for (const each of steps) {
        if (each.kind === "create") {
          create(each.column);
          continue;
        }
        const card = plain.cards[each.at % Math.max(1, plain.cards.length)];
        if (card === undefined) continue;
        if (each.kind === "move") {
          plain.move(card, each.column, each.position);
          call(board, "moveTaskPosition", [1, card.id, each.column, each.position, 1]);
        } else if (each.kind === "remove") {
          plain.cards.splice(plain.cards.indexOf(card), 1);
          call(board, "removeTask", [card.id]);
        } else {
          card.isOpen = each.kind === "open";
          call(board, card.isOpen ? "openTask" : "closeTask", [card.id]);
        }
        compare();
      }
      compare();
    }),
    { numRuns: 150 },
  );
});
