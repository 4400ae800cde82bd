import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { IdIndex } from "../../../fakes/kanboard/id-index.ts";
import { LayeredMap } from "../../../fakes/kanboard/layered-map.ts";
import { PagedArray } from "../../../fakes/kanboard/paged-array.ts";
import { PositionTrees } from "../../../fakes/kanboard/position-trees.ts";

/** Two that began as one: what is done to `side` must not show on the other. */
const side = fc.nat(1);
const ascending = (ids: readonly number[]): number[] => ids.toSorted((left, right) => left - right);

describe("a paged array", () => {
  const writes = fc.array(fc.record({ side, index: fc.nat(600), value: fc.option(fc.nat(9), { nil: undefined }) }));

  test("and its copy do not see what the other writes", () => {
    fc.assert(
      fc.property(writes, writes, (before, after) => {
        const first = new PagedArray<number>();
        const model: (number | undefined)[] = [];
        for (const { index, value } of before) {
          first.set(index, value);
          model[index] = value;
        }
        const arrays = [first, first.copy()] as const;
        const models = [model, model.slice()] as const;
        for (const { side: which, index, value } of after) {
          arrays[which]!.set(index, value);
          models[which]![index] = value;
        }
        arrays.forEach((array, which) => {
          expect(array.length).toBe(models[which]!.length);
          const indexes = Array.from({ length: 601 }, (_, index) => index);
          expect(indexes.map((index) => array.get(index))).toEqual(indexes.map((index) => models[which]![index]));
        });
      }),
    );
  });

  test("has nothing at a number that is no index", () => {
    const array = new PagedArray<number>();
    for (let index = 0; index < 300; index++) array.push(index);
    for (const index of [-1, 0.5, 300, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 32]) {
      expect(array.get(index)).toBeUndefined();
    }
  });
});

describe("a layered map", () => {
  /** Writes a run of keys: enough of them make changes and base one. */
  const writes = fc.array(
    fc.record({
      side,
      key: fc.nat(400),
      keys: fc.oneof(fc.constant(1), fc.integer({ min: 200, max: 400 })),
      value: fc.option(fc.nat(9), { nil: undefined }),
      copiedTo: fc.option(fc.nat(2)),
    }),
    { maxLength: 12 },
  );
  const names = Array.from({ length: 801 }, (_, name) => name);

  test("and its copies do not see what the others write", () => {
    fc.assert(
      fc.property(writes, writes, (before, after) => {
        const maps = [new LayeredMap<number, number>()];
        const models = [new Map<number, number>()];
        const write = (which: number, { key, keys, value }: (typeof before)[number]): void => {
          for (let name = key; name < key + keys; name++) {
            maps[which]!.set(name, value);
            if (value === undefined) models[which]!.delete(name);
            else models[which]!.set(name, value);
          }
        };
        for (const each of before) write(0, each);
        maps.push(maps[0]!.copy());
        models.push(new Map(models[0]));
        for (const each of after) {
          write(each.side, each);
          if (each.copiedTo === null) continue;
          maps[each.copiedTo] = maps[each.side]!.copy();
          models[each.copiedTo] = new Map(models[each.side]);
        }
        maps.forEach((map, which) => {
          expect(names.map((name) => map.get(name))).toEqual(names.map((name) => models[which]!.get(name)));
        });
      }),
    );
  });
});

describe("an index", () => {
  const change = fc.record({ side, key: fc.nat(2), id: fc.nat(900) });

  test.each([
    ["over pages", () => new IdIndex<number>(new PagedArray())],
    ["over layers", () => new IdIndex<number>(new LayeredMap())],
  ])("%s lists the ids of a key ascending, whatever comes, goes and is copied", (_name, create) => {
    fc.assert(
      fc.property(fc.nat(700), fc.nat(700), fc.array(change, { maxLength: 60 }), (size, gone, changes) => {
        const first = create();
        for (let id = 1; id <= size; id++) first.add(0, id);
        const indexes = [first, first.copy()];
        const models = [0, 1].map(() => [
          new Set(Array.from({ length: size }, (_, at) => at + 1)),
          new Set<number>(),
          new Set<number>(),
        ]);
        for (let id = 1; id <= Math.min(gone, size); id++) {
          indexes[1]!.delete(0, id);
          models[1]![0]!.delete(id);
        }
        for (const { side: which, key, id } of changes) {
          const model = models[which]![key]!;
          if (model.has(id)) indexes[which]!.delete(key, id);
          else indexes[which]!.add(key, id);
          if (!model.delete(id)) model.add(id);
        }
        indexes.forEach((index, which) => {
          models[which]!.forEach((model, key) => {
            expect(index.ids(key)).toEqual(ascending([...model]));
            expect(index.count(key)).toBe(model.size);
            expect(index.first(key)).toBe(ascending([...model])[0]);
          });
        });
      }),
      { numRuns: 60 },
    );
  });
});

describe("position trees", () => {
  type Entry = { readonly id: number; readonly position: number };

  /** The same as a plain list, in order of position and id. */
  class Model {
    entries: readonly Entry[] = [];

    add(id: number, position: number): void {
      this.entries = [...this.entries, { id, position }].toSorted(
        (left, right) => left.position - right.position || left.id - right.id,
      );
    }

    remove(id: number): void {
      this.entries = this.entries.filter((entry) => entry.id !== id);
    }

    closeGaps(): void {
      this.entries = this.entries.map(({ id }, index) => ({ id, position: index + 1 }));
    }

    shiftFrom(rank: number): void {
      this.entries = this.entries.map(({ id, position }) => ({
        id,
        position: position >= rank ? position + 1 : position,
      }));
    }
  }

  const change = fc.record({
    side,
    kind: fc.constantFrom("add", "add", "remove", "remove", "close", "insert", "open"),
    at: fc.nat(),
  });

  test("tell every position as a plain list does, before and after a copy", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.nat(5), fc.nat(100), fc.nat(1500)),
        fc.array(change, { maxLength: 60 }),
        (size, changes) => {
          const first = new PositionTrees();
          const root = first.plant();
          const started = new Model();
          for (let id = 1; id <= size; id++) {
            first.add(root, id, id);
            started.entries = [...started.entries, { id, position: id }];
          }
          const copied = new Model();
          copied.entries = started.entries;
          const sides = [
            { trees: first, model: started },
            { trees: first.copy(), model: copied },
          ];
          let nextId = size + 1;
          for (const { side: which, kind, at } of changes) {
            const { trees, model } = sides[which]!;
            const count = model.entries.length;
            if (kind === "add") {
              const position = 1 + (at % (count + 3));
              trees.add(root, nextId, position);
              model.add(nextId++, position);
            } else if (kind === "remove") {
              const entry = model.entries[at % Math.max(1, count)];
              if (entry === undefined) continue;
              trees.remove(entry.id);
              model.remove(entry.id);
            } else {
              const isChanged = model.entries.some(({ position }, index) => position !== index + 1);
              expect(trees.closeGaps(root)).toBe(isChanged);
              model.closeGaps();
              const rank = 1 + (at % (count + 1));
              if (kind === "close") continue;
              model.shiftFrom(rank);
              if (kind === "open") {
                trees.openGap(root, rank);
              } else {
                trees.insertAt(root, rank, nextId);
                model.add(nextId++, rank);
              }
            }
          }
          for (const { trees, model } of sides) {
            expect(trees.ids(root)).toEqual(model.entries.map(({ id }) => id));
            expect(trees.size(root)).toBe(model.entries.length);
            const told = model.entries.map(({ id }) => ({ id, position: trees.positionOf(id) }));
            expect(told).toEqual(model.entries);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  test("empty and fill again", () => {
    const trees = new PositionTrees();
    const root = trees.plant();
    for (let round = 0; round < 3; round++) {
      for (let id = 1; id <= 2000; id++) trees.add(root, id, id);
      for (let id = 1; id <= 2000; id++) trees.remove(id);
      expect(trees.ids(root)).toEqual([]);
      expect(trees.closeGaps(root)).toBe(false);
    }
  });
});
