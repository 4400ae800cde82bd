/**
 * Whether two secrets are equal, in a time that depends on the given one's length alone. An expected secret that is
 * empty equals nothing.
 */
export function equalInConstantTime(given: string, expected: string): boolean {
  let difference = given.length ^ expected.length;
  for (let index = 0; index < given.length; index++) {
    difference |= given.charCodeAt(index) ^ expected.charCodeAt(expected.length === 0 ? 0 : index % expected.length);
  }
  return difference === 0 && expected !== "";
}
