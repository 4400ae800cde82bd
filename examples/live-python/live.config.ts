import { defineLive } from "stormlane";
import { plannedOnce } from "./planned-once.ts";

export default defineLive({
  workspace: ".",
  processes: {
    poller: { command: ["python3", "poller.py"] },
    webhooks: { command: ["python3", "webhooks.py"] },
  },
  webhook: { process: "webhooks" },
  scenario: {
    board: { projects: [{ name: "shop", columns: ["To do", "Doing"], cards: [{ title: "Log in", reference: "S1" }] }] },
  },
  people: async ({ move }) => move("S1", "Doing"),
  invariants: [plannedOnce],
});
