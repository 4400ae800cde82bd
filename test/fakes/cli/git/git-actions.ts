import fc from "fast-check";

/** What is done to two repositories that are compared. Paths start at the main work tree. */
export type Action =
  | { readonly kind: "write"; readonly path: string; readonly content: string }
  | { readonly kind: "remove"; readonly path: string }
  | { readonly kind: "git"; readonly args: readonly string[] };

/** Most begin with some commits, so that branches, merges and patches have something to work on. */
export function sequences(): fc.Arbitrary<readonly Action[]> {
  const start = fc
    .array(fc.tuple(fc.array(write(), { minLength: 1, maxLength: 4 }), fc.constantFrom("first", "second", "third")), {
      maxLength: 2,
    })
    .map((commits) =>
      commits.flatMap(([writes, message]): Action[] => [
        ...writes,
        { kind: "git", args: ["add", "-A"] },
        { kind: "git", args: ["commit", "-q", "-m", message] },
      ]),
    );
  return fc
    .tuple(
      start,
      fc.array(fc.oneof({ weight: 5, arbitrary: single() }, { weight: 1, arbitrary: story() }), { maxLength: 10 }),
    )
    .map(([first, rest]) => [...first, ...rest.flat()]);
}

const path = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      "a.py",
      "b.py",
      "src/a.py",
      "src/b.py",
      "tests/test_a.py",
      "tests/deep/x.txt",
      "log.tmp",
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      "ä b.txt",
      "-dash.txt",
      'quo"te.txt',
      "tab\there",
      "back\\slash",
      "日本 🎉.txt",
      "sp ace/it's",
    ),
  },
);
const folder = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom("../wt-a", "../wt b", "../other/wt-c") },
  { weight: 1, arbitrary: fc.constant("inner/wt-d") },
);
const anyPath = fc.oneof(
  { weight: 6, arbitrary: path },
  { weight: 1, arbitrary: fc.tuple(folder, path).map((parts) => parts.join("/")) },
);
const target = fc.oneof(
  path,
  fc.constantFrom("src", "tests", ".", "*.py", "tests/*", "missing", "[ab].py", "[b-a]*", "[!b].py"),
);
const branch = fc.constantFrom("main", "feat/a", "feat/b", "other", "feat", "wt-a", "bad..name");
const tag = fc.constantFrom("v1", "v2", "rel/1");
const revision = fc.constantFrom("HEAD", "HEAD~1", "HEAD^2", "main", "feat/a", "other", "v1", "nowhere");
const message = fc.constantFrom("first", "second\n\nbody  \n\n\nmore", "  ", "[s-1] x", "two\nlines");

/** From few words, so that texts have much in common; some with indentation, other line ends, or no end at all. */
const content = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .record({
        lines: fc.array(
          fc.constantFrom("one", "two", "three", "def four():", "    five", "    six", "", "\tseven", "}", "größe"),
          { maxLength: 14 },
        ),
        end: fc.constantFrom("\n", "\n", "\n", "\r\n"),
        complete: fc.constantFrom(true, true, true, false),
      })
      .map(({ lines, end, complete }) => lines.join(end) + (complete && lines.length > 0 ? end : "")),
  },
  { weight: 1, arbitrary: fc.constantFrom("bytes\0one\n", "bytes\0two\n", "x".repeat(200)) },
);

function write(): fc.Arbitrary<Action> {
  return fc.record({ kind: fc.constant("write" as const), path: anyPath, content });
}

function single(): fc.Arbitrary<readonly Action[]> {
  return fc
    .oneof(
      { weight: 20, arbitrary: write() },
      {
        weight: 2,
        arbitrary: fc.constant({
          kind: "write" as const,
          path: ".gitignore",
          content: "*.tmp\ndeep/\n!keep.tmp\ninner\n",
        }),
      },
      { weight: 5, arbitrary: fc.record({ kind: fc.constant("remove" as const), path: fc.oneof(anyPath, folder) }) },
      { weight: 50, arbitrary: commands() },
    )
    .map((action) => [action]);
}

/** A branch of its own with a commit on it, in a work tree or not, and back. */
function story(): fc.Arbitrary<readonly Action[]> {
  const git = (...args: string[]): Action => ({ kind: "git", args });
  return fc
    .record({
      name: fc.constantFrom("feat/a", "feat/b", "other"),
      place: fc.option(folder),
      path,
      content,
      mine: fc.option(write()),
      how: fc.constantFrom<readonly string[]>([], ["--no-ff"], ["--no-edit"], ["--ff-only"], ["-m", "Join"], ["-q"]),
    })
    .map(({ name, place, path: changed, content: text, mine, how }): readonly Action[] => [
      place === null ? git("checkout", "-b", name) : git("worktree", "add", "-b", name, place),
      { kind: "write", path: place === null ? changed : `${place}/${changed}`, content: text },
      git("-C", place ?? ".", "add", "-A"),
      git("-C", place ?? ".", "commit", "-m", `On ${name}`),
      ...(place === null ? [git("checkout", "main")] : []),
      ...(mine === null ? [] : [mine, git("add", "-A"), git("commit", "-q", "-m", "mine")]),
      git("merge", ...how, name),
    ]);
}

function commands(): fc.Arbitrary<Action> {
  const option = (...given: string[]): fc.Arbitrary<string> => fc.constantFrom(...given);
  return fc.oneof(
    { weight: 6, arbitrary: command("add", "-A") },
    { weight: 5, arbitrary: command("add", "--", target) },
    { weight: 1, arbitrary: command("add", "-u") },
    { weight: 4, arbitrary: command("commit", "-q", "-m", message) },
    { weight: 4, arbitrary: command("commit", "-m", message) },
    { weight: 2, arbitrary: command("commit", "-am", "all") },
    { weight: 1, arbitrary: command("commit", "--allow-empty", "-m", "empty") },
    { weight: 4, arbitrary: command("checkout", "-b", branch) },
    { weight: 1, arbitrary: command("checkout", "-B", branch) },
    { weight: 4, arbitrary: command("checkout", branch) },
    { weight: 2, arbitrary: command("checkout", "--", target) },
    { weight: 1, arbitrary: command("checkout", revision, "--", target) },
    { weight: 2, arbitrary: command("checkout", revision) },
    { weight: 1, arbitrary: command("checkout", "--detach", branch) },
    { weight: 1, arbitrary: command("branch", branch) },
    { weight: 1, arbitrary: command("branch", "-f", branch, revision) },
    { weight: 1, arbitrary: command("branch", option("-d", "-D"), branch) },
    { weight: 2, arbitrary: command("restore", "--", target) },
    { weight: 2, arbitrary: command("restore", "--staged", "--", target) },
    { weight: 1, arbitrary: command("restore", "--staged", "--worktree", "--", target) },
    { weight: 1, arbitrary: command("restore", "--source", revision, "--", target) },
    { weight: 2, arbitrary: command("rm", "-q", "--cached", "-r", "--", target) },
    { weight: 1, arbitrary: command("rm", "-r", "--", target) },
    { weight: 1, arbitrary: command("reset", "-q") },
    { weight: 1, arbitrary: command("reset", option("--hard", "--soft", "--mixed"), revision) },
    { weight: 3, arbitrary: command("merge", revision) },
    { weight: 1, arbitrary: command("merge", option("--no-ff", "--ff-only", "-q"), branch) },
    { weight: 1, arbitrary: command("merge", "--abort") },
    { weight: 1, arbitrary: command("merge-base", revision, revision) },
    { weight: 1, arbitrary: command("merge-base", "--is-ancestor", revision, revision) },
    { weight: 1, arbitrary: command("tag", tag) },
    { weight: 1, arbitrary: command("tag", tag, revision) },
    { weight: 1, arbitrary: command("tag", "-a", "-m", "Release", tag) },
    { weight: 1, arbitrary: command("tag", option("-d", "-f"), tag) },
    { weight: 1, arbitrary: command("tag", "--contains", revision) },
    { weight: 3, arbitrary: command("worktree", "add", folder) },
    { weight: 2, arbitrary: command("worktree", "add", option("-b", "-B"), branch, folder) },
    { weight: 2, arbitrary: command("worktree", "add", folder, revision) },
    { weight: 1, arbitrary: command("worktree", "add", "-f", folder, branch) },
    { weight: 1, arbitrary: command("worktree", "add", "--detach", folder) },
    { weight: 1, arbitrary: command("worktree", "list") },
    { weight: 2, arbitrary: command("worktree", "remove", folder) },
    { weight: 1, arbitrary: command("worktree", "remove", "--force", folder) },
    { weight: 1, arbitrary: command("worktree", "prune", "-v") },
    { weight: 1, arbitrary: command("worktree", option("lock", "unlock"), folder) },
    { weight: 2, arbitrary: command("-C", folder, "status", "--porcelain", "-b") },
    { weight: 2, arbitrary: command("-C", folder, "commit", "-q", "-am", "in a worktree") },
    { weight: 1, arbitrary: command("-C", folder, "add", "-A") },
    { weight: 2, arbitrary: command("-C", folder, "checkout", branch) },
    { weight: 1, arbitrary: command("-C", folder, "merge", "main") },
    { weight: 1, arbitrary: command("-C", folder, "reset", "--hard", revision) },
    { weight: 1, arbitrary: command("-C", folder, "rev-parse", "--git-dir", "--git-common-dir", "--show-toplevel") },
    { weight: 1, arbitrary: command("-C", "src", "rev-parse", "--git-dir", "--git-common-dir", "--show-prefix") },
    { weight: 1, arbitrary: command("-C", "src", "status", "-s") },
    { weight: 1, arbitrary: command("status", "--porcelain", "--", target) },
    { weight: 1, arbitrary: command("ls-files", "-o", "--", target) },
    { weight: 1, arbitrary: command("-C", "src", "diff", "--", ".") },
    { weight: 1, arbitrary: command("diff", revision) },
    { weight: 1, arbitrary: command("diff", "--stat", revision) },
    {
      weight: 1,
      arbitrary: command("diff", "--name-only", "-z", option("HEAD~1..HEAD", "main..feat/a", "main...other")),
    },
    { weight: 1, arbitrary: command("diff", "--exit-code", "--", target) },
    {
      weight: 1,
      arbitrary: command(
        "show",
        fc.tuple(revision, path).map((pair) => pair.join(":")),
      ),
    },
    { weight: 2, arbitrary: command("show", revision) },
    { weight: 1, arbitrary: command("show", option("--stat", "--name-only", "--name-status", "-s"), revision) },
    { weight: 1, arbitrary: command("show", "--format=%h %ad %an%n%b", revision) },
    { weight: 1, arbitrary: command("cat-file", option("-e", "-t"), revision) },
    { weight: 1, arbitrary: command("rev-parse", "--verify", revision) },
    { weight: 1, arbitrary: command("rev-parse", revision) },
    { weight: 1, arbitrary: command("log", "--oneline", "-n2", "--grep=s", revision) },
    {
      weight: 1,
      arbitrary: command("log", option("-p", "--stat", "--name-only", "--first-parent", "--no-merges"), revision),
    },
    { weight: 1, arbitrary: command("log", "--oneline", option("main..feat/a", "feat/a..main", "HEAD~1..HEAD")) },
    { weight: 1, arbitrary: command("log", "--format=%s", "--", target) },
    { weight: 1, arbitrary: command("ls-files", "-m", "-z", "--", target) },
    { weight: 1, arbitrary: command("ls-files", "--error-unmatch", "--", target) },
  );
}

function command(...args: (string | fc.Arbitrary<string>)[]): fc.Arbitrary<Action> {
  return fc
    .tuple(...args.map((arg) => (typeof arg === "string" ? fc.constant(arg) : arg)))
    .map((all) => ({ kind: "git" as const, args: all }));
}
