import type { z } from "zod";

/** The rules of a script break their schema. */
export class InvalidRules extends Error {
  override readonly name = "InvalidRules";

  /** @param whose as `the model's script` */
  constructor(whose: string, issues: readonly Issue[]) {
    super(`the rules of ${whose} are not valid:\n${issues.flatMap((issue) => describeIssue(issue, [])).join("\n")}`);
  }
}

type Issue = z.core.$ZodIssue;

/** One line for each, as `  rules[1].answer.finish: Invalid option: …`. */
function describeIssue(issue: Issue, within: readonly PropertyKey[]): readonly string[] {
  const place = [...within, ...issue.path];
  if (issue.code === "invalid_union" && issue.errors.length > 0) {
    return nearestOf(issue.errors).flatMap((each) => describeIssue(each, place));
  }
  return [`  rules${placeText(place)}: ${issue.message}`];
}

/** Of the alternatives, the one that was entered: its shape is right but for a member. Else whatever fits the type. */
function nearestOf(alternatives: readonly (readonly Issue[])[]): readonly Issue[] {
  const entered = alternatives.find((issues) =>
    issues.every(({ path, code }) => code === "unrecognized_keys" || (path.length > 0 && code !== "invalid_union")),
  );
  if (entered !== undefined) return entered;
  const ofRightType = alternatives.filter((issues) => issues.every(({ code }) => code !== "invalid_type"));
  return (ofRightType.length === 0 ? alternatives : ofRightType).flat();
}

function placeText(path: readonly PropertyKey[]): string {
  return path.map((step) => (typeof step === "number" ? `[${step}]` : `.${String(step)}`)).join("");
}
