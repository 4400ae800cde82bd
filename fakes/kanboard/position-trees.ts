import { assert } from "../../src/base/assert.ts";
import { PagedArray } from "./paged-array.ts";

/**
 * Cards in order of their positions, with gaps and duplicates as they come: one tree for each place on the board. A card
 * has its distance to the one before it, its lead; a position is the sum of the leads up to the card. So to put a card
 * in or to take it out leaves all other entries as they are, whether their positions follow or stay. The trees are
 * B-trees whose branches keep sums: every operation looks at a number of nodes that grows with the logarithm of the
 * tree; to close gaps costs what it took to make them. Nodes are immutable and stand in a paged array: copies share them.
 */
export class PositionTrees {
  /** Nodes looked at so far: what an operation costs, in a number that every run repeats. */
  nodesVisited = 0;

  private readonly nodes: PagedArray<Node>;
  /** Numbers of nodes that are no longer used. */
  private readonly free: number[];
  /** The number of the leaf of each card. */
  private readonly leaves: PagedArray<number>;

  constructor(from?: PositionTrees) {
    this.nodes = from?.nodes.copy() ?? new PagedArray();
    this.free = from?.free.slice() ?? [];
    this.leaves = from?.leaves.copy() ?? new PagedArray();
  }

  copy(): PositionTrees {
    return new PositionTrees(this);
  }

  /** @returns the root of a new tree, by which it is known from now on */
  plant(): number {
    return this.create({ parent: none, kids: [], spans: [], branch: undefined });
  }

  size(root: number): number {
    return totalsOf(this.visit(root)).size;
  }

  has(id: number): boolean {
    return this.leaves.get(id) !== undefined;
  }

  /** In order. */
  ids(root: number): number[] {
    const { kids, branch } = this.visit(root);
    return branch === undefined ? kids.slice() : kids.flatMap((kid) => this.ids(kid));
  }

  positionOf(id: number): number {
    let number = this.leafOf(id);
    let node = this.visit(number);
    let position = sumTo(node.spans, node.kids.indexOf(id) + 1);
    while (node.parent !== none) {
      const parent = this.visit(node.parent);
      position += sumTo(parent.spans, parent.kids.indexOf(number));
      number = node.parent;
      node = parent;
    }
    return position;
  }

  /** Puts a card at a position, behind those there with lower ids. No other position changes. */
  add(root: number, id: number, position: number): void {
    let number = root;
    let before = 0;
    for (;;) {
      const { kids, spans, branch } = this.visit(number);
      // The last branch takes whatever comes after all others; a leaf may be passed to its end.
      const end = branch === undefined ? kids.length : kids.length - 1;
      let index = 0;
      for (; index < end; index++) {
        const at = before + spans[index]!;
        if (at > position || (at === position && this.lastId(kids[index]!, branch !== undefined) > id)) break;
        before = at;
      }
      if (branch === undefined) {
        const lead = position - before;
        const next = this.entryAfter(number, index);
        if (next !== undefined) this.changeLead(next, -lead);
        this.insert(number, index, id, lead);
        return;
      }
      number = kids[index]!;
    }
  }

  /** Puts a card at a rank, from 1, of a tree without gaps or duplicates. All behind it move on by one. */
  insertAt(root: number, rank: number, id: number): void {
    const { leaf, index } = this.select(root, rank);
    this.insert(leaf, index, id, 1);
  }

  /** Leaves a position free at a rank of a tree without gaps or duplicates. All from there move on by one. */
  openGap(root: number, rank: number): void {
    const { leaf, index } = this.select(root, rank);
    if (index < this.visit(leaf).kids.length) this.changeLead({ leaf, index }, 1);
  }

  /** Takes a card out. No other position changes. */
  remove(id: number): void {
    const number = this.leafOf(id);
    const leaf = this.visit(number);
    const index = leaf.kids.indexOf(id);
    const lead = leaf.spans[index]!;
    const next = this.entryAfter(number, index + 1);
    if (next !== undefined) this.changeLead(next, lead);
    this.leaves.set(id, undefined);
    const { kids, spans } = this.visit(number);
    this.nodes.set(number, { ...leaf, kids: kids.toSpliced(index, 1), spans: spans.toSpliced(index, 1) });
    this.carry(number, { size: -1, span: -lead, odd: lead === 1 ? 0 : -1 });
    if (kids.length === 1) this.dropEmpty(number);
  }

  /**
   * Positions become 1, 2, 3 and so on.
   *
   * @returns whether any changed
   */
  closeGaps(root: number): boolean {
    const { odd } = totalsOf(this.visit(root));
    if (odd === 0) return false;
    this.straighten(root);
    return true;
  }

  private straighten(number: number): void {
    const node = this.visit(number);
    const { branch } = node;
    if (branch === undefined) {
      this.nodes.set(number, { ...node, spans: node.kids.map(() => 1) });
      return;
    }
    node.kids.forEach((kid, index) => {
      if (branch.odds[index]! > 0) this.straighten(kid);
    });
    const odds = branch.odds.map(() => 0);
    this.nodes.set(number, { ...node, spans: branch.sizes, branch: { sizes: branch.sizes, odds } });
  }

  /** Where the card of a rank stands, or belongs. */
  private select(root: number, rank: number): Entry {
    let leaf = root;
    let index = rank - 1;
    for (;;) {
      const { kids, branch } = this.visit(leaf);
      if (branch === undefined) {
        assert(index >= 0 && index <= kids.length, `no card has the rank ${rank}`);
        return { leaf, index };
      }
      let kid = 0;
      while (kid < kids.length - 1 && index >= branch.sizes[kid]!) index -= branch.sizes[kid++]!;
      leaf = kids[kid]!;
    }
  }

  private lastId(kid: number, isNode: boolean): number {
    if (!isNode) return kid;
    const { kids, branch } = this.visit(kid);
    return this.lastId(kids.at(-1)!, branch !== undefined);
  }

  /** The entry of a leaf, or the first one of the next leaf when the index is past the end. */
  private entryAfter(leaf: number, index: number): Entry | undefined {
    let number = leaf;
    let node = this.visit(leaf);
    if (index < node.kids.length) return { leaf, index };
    while (node.parent !== none) {
      const parent = this.visit(node.parent);
      const next = parent.kids[parent.kids.indexOf(number) + 1];
      if (next !== undefined) return { leaf: this.firstLeaf(next), index: 0 };
      number = node.parent;
      node = parent;
    }
    return undefined;
  }

  private firstLeaf(number: number): number {
    const { kids, branch } = this.visit(number);
    return branch === undefined ? number : this.firstLeaf(kids[0]!);
  }

  private changeLead({ leaf, index }: Entry, delta: number): void {
    if (delta === 0) return;
    const node = this.visit(leaf);
    const old = node.spans[index]!;
    const lead = old + delta;
    assert(lead >= 0, "positions ascend");
    this.nodes.set(leaf, { ...node, spans: node.spans.with(index, lead) });
    this.carry(leaf, { size: 0, span: delta, odd: Number(lead !== 1) - Number(old !== 1) });
  }

  private insert(number: number, index: number, id: number, lead: number): void {
    const leaf = this.visit(number);
    const kids = leaf.kids.toSpliced(index, 0, id);
    this.nodes.set(number, { ...leaf, kids, spans: leaf.spans.toSpliced(index, 0, lead) });
    this.leaves.set(id, number);
    this.carry(number, { size: 1, span: lead, odd: lead === 1 ? 0 : 1 });
    if (kids.length > kidsMax) this.split(number);
  }

  /** Tells all branches above a node that its totals changed. */
  private carry(below: number, { size, span, odd }: Totals): void {
    let number = below;
    let { parent } = this.visit(below);
    while (parent !== none) {
      const node = this.visit(parent);
      const { sizes, odds } = node.branch!;
      const index = node.kids.indexOf(number);
      this.nodes.set(parent, {
        ...node,
        spans: span === 0 ? node.spans : node.spans.with(index, node.spans[index]! + span),
        branch: {
          sizes: size === 0 ? sizes : sizes.with(index, sizes[index]! + size),
          odds: odd === 0 ? odds : odds.with(index, odds[index]! + odd),
        },
      });
      number = parent;
      parent = node.parent;
    }
  }

  /** Makes two nodes of one with too many kids. A root keeps its number and gets both as kids. */
  private split(number: number): void {
    const node = this.visit(number);
    const middle = node.kids.length >>> 1;
    const [left, right] = [part(node, 0, middle), part(node, middle)];
    if (node.parent === none) {
      const kids = [left, right].map((half) => this.settle(this.create({ ...half, parent: number })));
      this.nodes.set(number, { parent: none, ...branchOver([left, right]), kids });
      return;
    }
    this.nodes.set(number, left);
    const sibling = this.settle(this.create(right));
    const parent = this.visit(node.parent);
    const index = parent.kids.indexOf(number);
    const { sizes, odds } = parent.branch!;
    const over = branchOver([left, right]);
    const kids = parent.kids.toSpliced(index + 1, 0, sibling);
    this.nodes.set(node.parent, {
      parent: parent.parent,
      kids,
      spans: parent.spans.toSpliced(index, 1, ...over.spans),
      branch: {
        sizes: sizes.toSpliced(index, 1, ...over.branch.sizes),
        odds: odds.toSpliced(index, 1, ...over.branch.odds),
      },
    });
    if (kids.length > kidsMax) this.split(node.parent);
  }

  /** Tells what hangs on a new node where it is now. */
  private settle(number: number): number {
    const { kids, branch } = this.visit(number);
    for (const kid of kids) {
      if (branch === undefined) this.leaves.set(kid, number);
      else this.nodes.set(kid, { ...this.visit(kid), parent: number });
    }
    return number;
  }

  /** Takes an empty node off its branch, and that one when it becomes empty; a root becomes an empty leaf. */
  private dropEmpty(number: number): void {
    const node = this.visit(number);
    if (node.parent === none) {
      this.nodes.set(number, { parent: none, kids: [], spans: [], branch: undefined });
      return;
    }
    const parent = this.visit(node.parent);
    const index = parent.kids.indexOf(number);
    const { sizes, odds } = parent.branch!;
    const kids = parent.kids.toSpliced(index, 1);
    this.nodes.set(node.parent, {
      parent: parent.parent,
      kids,
      spans: parent.spans.toSpliced(index, 1),
      branch: { sizes: sizes.toSpliced(index, 1), odds: odds.toSpliced(index, 1) },
    });
    this.nodes.set(number, undefined);
    this.free.push(number);
    if (kids.length === 0) this.dropEmpty(node.parent);
  }

  private create(node: Node): number {
    const number = this.free.pop() ?? this.nodes.length;
    this.nodes.set(number, node);
    return number;
  }

  private leafOf(id: number): number {
    const leaf = this.leaves.get(id);
    assert(leaf !== undefined, `card ${id} has no place among the open ones`);
    return leaf;
  }

  private visit(number: number): Node {
    this.nodesVisited++;
    return this.nodes.get(number)!;
  }
}

interface Node {
  /** The number of the branch above, or `none` for a root. */
  readonly parent: number;
  /** Ids of cards in a leaf, else numbers of nodes; never empty but in the root of an empty tree. */
  readonly kids: readonly number[];
  /** Sum of the leads in each kid; in a leaf the leads themselves. */
  readonly spans: readonly number[];
  /** Undefined in a leaf. */
  readonly branch: Branch | undefined;
}

interface Branch {
  /** Cards in each kid. */
  readonly sizes: readonly number[];
  /** Leads other than 1 in each kid. */
  readonly odds: readonly number[];
}

interface Totals {
  readonly size: number;
  readonly span: number;
  readonly odd: number;
}

interface Entry {
  readonly leaf: number;
  readonly index: number;
}

const none = -1;
const kidsMax = 32;

function totalsOf({ kids, spans, branch }: Node): Totals {
  const span = sumTo(spans, spans.length);
  if (branch !== undefined)
    return { size: sumTo(branch.sizes, kids.length), span, odd: sumTo(branch.odds, kids.length) };
  let odd = 0;
  for (const lead of spans) if (lead !== 1) odd++;
  return { size: kids.length, span, odd };
}

function part({ parent, kids, spans, branch }: Node, start: number, end?: number): Node {
  const half = branch && { sizes: branch.sizes.slice(start, end), odds: branch.odds.slice(start, end) };
  return { parent, kids: kids.slice(start, end), spans: spans.slice(start, end), branch: half };
}

function branchOver(nodes: readonly Node[]): {
  readonly spans: number[];
  readonly branch: { sizes: number[]; odds: number[] };
} {
  const totals = nodes.map(totalsOf);
  return {
    spans: totals.map(({ span }) => span),
    branch: { sizes: totals.map(({ size }) => size), odds: totals.map(({ odd }) => odd) },
  };
}

function sumTo(numbers: readonly number[], end: number): number {
  let sum = 0;
  for (let index = 0; index < end; index++) sum += numbers[index]!;
  return sum;
}
