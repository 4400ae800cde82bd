/** What the simulated git reports as evidence: one commit. `changed`: path to `digest64` of its text, null when removed. */
export type GitChange = {
  store: "git";
  type: "commit";
  repository: string;
  branch: string;
  commit: string;
  message: string;
  changed: Readonly<Record<string, string | null>>;
};
