import { describe, expect, test } from "vitest";
import { checkDocument, checkSource, checkTests } from "../../../src/orchestrator/decide/answer-text.ts";

const source = "def add(a, b):\n    return a + b\n";

describe("checkSource", () => {
  test("takes a file as it is, or out of its one fence", () => {
    expect(checkSource(source)).toEqual({ kind: "ok", text: source });
    expect(checkSource(`Here:\n\`\`\`python\n${source}\`\`\`\n`)).toEqual({ kind: "ok", text: source });
  });

  test("keeps a fence that stands inside a text of the file", () => {
    const quoting = 'text = """\n    ```\n    x\n    ```\n"""\n';
    expect(checkSource(quoting)).toEqual({ kind: "ok", text: quoting });
  });

  test.each(['"""', "'''"])(
    "keeps an example in the documentation of a function, in %s and between fences",
    (quote) => {
      const documented = `def add(a, b):\n    ${quote}Adds.\n\n\`\`\`\nadd(1, 2)\n\`\`\`\n    ${quote}\n    return a + b\n`;
      expect(checkSource(documented)).toEqual({ kind: "ok", text: documented });
      expect(checkSource(`Here:\n\`\`\`python\n${documented}\`\`\``)).toEqual({ kind: "ok", text: documented });
    },
  );

  test("quotes of the other kind do not end a text", () => {
    const documented = `def add(a, b):\n    """Adds ''' too.\n\n\`\`\`\nadd(1, 2)\n\`\`\`\n    """\n    return a + b\n`;
    expect(checkSource(documented)).toEqual({ kind: "ok", text: documented });
  });

  test.each([
    ["a fence that does not end", "```python\nx = 1\n"],
    ["a fence whose text does not end", '```python\nx = """1\n```\n'],
    ["nothing", ""],
    ["blanks", " \n\t\n"],
    ["a remark, which would be valid Python", "# I have done what you asked.\n"],
    ["one word, which would be valid Python", "Sorry"],
    ["an apology", "I'm sorry, but I cannot help with that.\nx = 1"],
    ["prose", "The function adds two numbers and returns them"],
    ["an empty fence", "```python\n```"],
    ["two fences", "```\nx = 1\n```\n```\ny = 1\n```"],
    ["bytes that were no text", "x = '\ufffd'"],
  ])("refuses %s", (_, answer) => {
    expect(checkSource(answer).kind).toBe("refused");
  });
});

test("checkTests refuses a file without a test", () => {
  expect(checkTests(source).kind).toBe("refused");
  expect(checkTests("def test_add():\n    assert add(1, 1) == 2\n").kind).toBe("ok");
});

test("checkDocument refuses what says nothing", () => {
  expect(checkDocument("").kind).toBe("refused");
  expect(checkDocument("# Design").kind).toBe("refused");
  expect(checkDocument("I cannot help with that request, since it is against what I may do.").kind).toBe("refused");
  expect(checkDocument(`# Design\n\n${"The service has two parts. ".repeat(3)}`).kind).toBe("ok");
});
