/** The poller of examples/in-process, without its webhook: what both sides of the comparison run, unmodified. */
import { workReadyCards } from "../../../examples/in-process/orchestrator.ts";
import { planCard } from "../../../examples/in-process/plan-card.ts";

setInterval(() => void workReadyCards(planCard), 5_000);
