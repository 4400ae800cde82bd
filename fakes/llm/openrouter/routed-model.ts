import type { JsonObject } from "../../../src/base/json.ts";

/** A model as the list describes it: text in, text out, the same price for all. */
export function routedModel(id: string): JsonObject {
  return {
    id,
    canonical_slug: id,
    hugging_face_id: null,
    name: id,
    created: 0,
    description: "",
    context_length: 128_000,
    architecture: {
      modality: "text->text",
      input_modalities: ["text"],
      output_modalities: ["text"],
      tokenizer: "Other",
      instruct_type: null,
    },
    pricing: { prompt: "0.000001", completion: "0.000001" },
    top_provider: { context_length: 128_000, max_completion_tokens: null, is_moderated: false },
    per_request_limits: null,
    supported_parameters: ["max_tokens", "response_format", "tools", "tool_choice"],
    default_parameters: null,
    supported_voices: null,
    links: { details: `/api/v1/models/${id}/endpoints` },
  };
}
