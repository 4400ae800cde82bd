/** What the fake model reports as evidence: one completed answer, which is billed whether or not it arrives. */
export type ModelChange = {
  store: "model";
  type: "completion";
  role: string;
  key: string;
  promptDigest: string;
  promptTokens: number;
  completionTokens: number;
  finish: string;
};
