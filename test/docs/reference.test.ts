import { existsSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readDoor } from "../../tools/docs/declarations.ts";
import { pagesOfDocs, root, textOf } from "../../tools/docs/pages.ts";
import { referencePages } from "../../tools/docs/reference.ts";

const pages = referencePages();
const renew = "is not as the sources would have it: run `npm run docs:reference`, and commit what changed";

describe("the reference", () => {
  test.for([...pages])("is up to date: %s", ([path, text]) => {
    expect(existsSync(`${root}${path}`) ? textOf(path) : "", `${path} ${renew}`).toBe(text);
  });

  test("has no page of something that is gone", () => {
    const written = pagesOfDocs().filter((path) => path.startsWith("docs/reference/"));
    expect(written.toSorted(), renew).toEqual([...pages.keys()].toSorted());
  });
});

describe("the reader of doors", () => {
  const { declarations, about } = readDoor("src/fakes.ts");
  const named = (name: string) => declarations.find((each) => each.name === name)!;

  test("follows an export to where it is declared, with its docstring", () => {
    expect(about).toContain("stormlane/fakes");
    expect(named("Program").path).toBe("src/ports/program.ts");
    expect(named("Program").docstring).toContain("an executable as a value");
  });

  test("shows of a class what others can reach, and no bodies", () => {
    const { kind, signature } = named("Kanboard");
    expect(kind).toBe("class");
    expect(signature).toContain("seed(");
    expect(signature).not.toMatch(/private|return /);
  });

  test("shows of a function its signature", () => {
    const { declarations } = readDoor("src/index.ts");
    const { kind, signature } = declarations.find(({ name }) => name === "runCase")!;
    expect(kind).toBe("function");
    expect(signature).toMatch(/^(async )?function runCase\([^]*\): Promise<Outcome>$/);
  });
});
