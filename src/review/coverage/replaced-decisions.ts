/** Something that a mutant has put another in the place of. */
export interface ReplacedDecision {
  /** From the whole of the policies, as `["claim", "acquire"]`. */
  readonly path: readonly string[];
  /** What stood there; undefined where there was nothing. */
  readonly original: unknown;
}

/** The smallest parts that differ, in order of their paths. Parts are members of objects, however deep. */
export function replacedDecisions(original: object, mutated: object): ReplacedDecision[] {
  return differences(original, mutated, []);
}

function differences(original: unknown, mutated: unknown, path: readonly string[]): ReplacedDecision[] {
  if (Object.is(original, mutated)) return [];
  if (!isPlain(original) || !isPlain(mutated)) return [{ path, original }];
  const members = new Set([...Object.keys(original), ...Object.keys(mutated)]);
  return [...members].toSorted().flatMap((name) => differences(original[name], mutated[name], [...path, name]));
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A place in the source of a module. */
export interface CodePlace {
  readonly module: string;
  readonly offset: number;
}

/** A function in the source of a module. */
export interface CodeRange {
  readonly module: string;
  readonly startOffset: number;
  readonly endOffset: number;
}

/** What is known of a system's code by the end of the runs. */
export interface SystemCode {
  /** By module, as it ran. */
  readonly sources: ReadonlyMap<string, string>;
  /** Call stacks of the moments in which operations were sent: nearest first, no function that only waits. */
  readonly stacks: readonly (readonly CodePlace[])[];
}

/**
 * The modules that a replaced decision is about: the one that defines it, those that ask for it, and those through which
 * it acts, which are on the call stack between it and an operation.
 *
 * @param home where the original is defined, when it is a function
 * @param root the name under which modules hold the policies
 */
export function modulesOf(
  { path }: ReplacedDecision,
  home: CodeRange | undefined,
  { sources, stacks }: SystemCode,
  root = "policies",
): string[] {
  const [holder = "", member = ""] = [root, ...path].slice(-2);
  const asking = [...sources].filter(([, source]) => asksFor(source, holder, member)).map(([module]) => module);
  const acting = home === undefined ? [] : stacks.flatMap((stack) => modulesAround(stack, home));
  return [...new Set([...(home === undefined ? [] : [home.module]), ...asking, ...acting])].toSorted();
}

/** From the operation up to the decision, and who asked for it. */
function modulesAround(stack: readonly CodePlace[], home: CodeRange): string[] {
  const index = stack.findIndex(
    ({ module, offset }) => module === home.module && home.startOffset <= offset && offset < home.endOffset,
  );
  return index === -1 ? [] : stack.slice(0, index + 2).map(({ module }) => module);
}

/** Whether a module reads the member: as `claim.acquire`, or as `const { acquire } = policies.claim`. */
function asksFor(source: string, holder: string, member: string): boolean {
  const reads = new RegExp(String.raw`\b${holder}\.${member}\b`);
  const takesOut = new RegExp(String.raw`\{[^{}]*\b${member}\b[^{}]*\} = [\w.]*\b${holder};`);
  return reads.test(source) || takesOut.test(source);
}
