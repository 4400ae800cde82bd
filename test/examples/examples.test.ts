import { describeExample } from "./describe-example.ts";

describeExample({ example: "ports-functions", seeds: 60, signature: "reports-stay: the card" });
describeExample({ example: "hono-service", seeds: 300, signature: "card-twice: a card" });
