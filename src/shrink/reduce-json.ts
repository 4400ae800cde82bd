import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from "../base/json.ts";
import { reduceList } from "./reduce-list.ts";

/** Whether a value in place of the one that is there still does what is wanted. */
type Works = (candidate: JsonValue) => Promise<boolean>;

/**
 * Makes a value simpler, part by part: lists shorter, members of objects absent, numbers nearer to 0, switches off, long
 * texts shorter. Knows nothing of what it means: the test refuses what makes no sense.
 */
export async function reduceJson(value: JsonValue, works: Works): Promise<JsonValue> {
  if (isJsonArray(value)) return reduceArray(value, works);
  if (isJsonObject(value)) return reduceObject(value, works);
  if (typeof value === "number") return reduceNumber(value, works);
  if (typeof value === "string") return reduceText(value, works);
  return value === true && (await works(false)) ? false : value;
}

async function reduceArray(items: readonly JsonValue[], works: Works): Promise<JsonValue> {
  let left = [...(await reduceList(items, (fewer) => works([...fewer])))];
  for (let index = 0; index < left.length; index++) {
    const simpler = await reduceJson(left[index]!, (candidate) => works(left.with(index, candidate)));
    left = left.with(index, simpler);
  }
  return left;
}

async function reduceObject(value: JsonObject, works: Works): Promise<JsonValue> {
  let left = value;
  for (const name of Object.keys(value)) {
    const { [name]: _, ...without } = left;
    if (await works(without)) left = without;
    else
      left = { ...left, [name]: await reduceJson(left[name]!, (candidate) => works({ ...left, [name]: candidate })) };
  }
  return left;
}

/**
 * 0 and 1 first, then half of it as long as that works. Small numbers count things: they go on in steps of a quarter, and
 * so on to 1. Large ones stay round.
 */
async function reduceNumber(value: number, works: Works): Promise<number> {
  for (const small of [0, 1]) {
    if (Math.abs(value) > small && (await works(small))) return small;
  }
  let left = value;
  while (Math.abs(left) > 1 && (await works(Math.trunc(left / 2)))) left = Math.trunc(left / 2);
  if (Math.abs(left) > countMax) return left;
  for (let step = Math.trunc(left / 4); step !== 0; step = Math.trunc(step / 2)) {
    while (Math.abs(left) > Math.abs(step) && (await works(left - step))) left -= step;
  }
  for (const step = Math.sign(left); Math.abs(left) > 1 && (await works(left - step));) left -= step;
  return left;
}

const countMax = 100;

/** Short texts are names and choices, which mean something; long ones are prose. */
async function reduceText(text: string, works: Works): Promise<string> {
  let left = text;
  while (left.length > proseCharsMin) {
    const shorter = left.slice(0, Math.floor(left.length / 2));
    if (!(await works(shorter))) break;
    left = shorter;
  }
  return left;
}

const proseCharsMin = 24;

/**
 * Each list anywhere in a value with one item less, the last ones first.
 * @returns `path` says which: as `slips[0]`
 */
export function* withoutOneItem(
  value: JsonValue,
  path = "",
): Generator<{ readonly value: JsonValue; readonly path: string }> {
  if (isJsonArray(value)) {
    for (let index = value.length - 1; index >= 0; index--) {
      yield { value: value.toSpliced(index, 1), path: `${path}[${index}]` };
    }
    for (const [index, item] of value.entries()) {
      for (const smaller of withoutOneItem(item, `${path}[${index}]`)) {
        yield { value: value.with(index, smaller.value), path: smaller.path };
      }
    }
  } else if (isJsonObject(value)) {
    for (const [name, member] of Object.entries(value)) {
      for (const smaller of withoutOneItem(member!, path === "" ? name : `${path}.${name}`)) {
        yield { value: { ...value, [name]: smaller.value }, path: smaller.path };
      }
    }
  }
}
