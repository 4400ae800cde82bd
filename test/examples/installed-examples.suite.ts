import { describeExample } from "./describe-example.ts";

describeExample({ example: "ai-sdk-agent", seeds: 60, signature: "comment-twice: a card" });
describeExample({ example: "langgraph", seeds: 60, signature: "comment-twice: a card" });
