import { z } from "zod";
import { lateSchema } from "../lib/late_schema.ts";
import { late } from "../lib/late.ts";
import { Text } from "./names.ts";
import { StructuredOutputSection } from "./structured_output_section.ts";

const Usd = late(() => z.number().min(0));

const Price = lateSchema(() =>
  z.strictObject({
    input: Usd().describe("Of tokens that go in, in USD per million."),
    output: Usd().describe("Of tokens that come out, thinking included, in USD per million."),
    cached_input: Usd().optional().describe("Of tokens that are read from the provider's cache. Default: as input."),
    cache_write: Usd().optional().describe("Of tokens that are written to the provider's cache. Default: as input."),
  })
);

export const LlmSection = z.looseObject({
  provider: Text.optional().describe(
    "Whose model it is. Default: follows from the model's name, or else from the keys in the environment.",
  ),
  fallback: z.array(Text).optional().describe(
    "Which llms answer in its place, in this order, when it fails before anything of its answer was heard. One that has failed is asked last for a while.",
  ),
  price: Price.optional().describe(
    "What it costs. Default: the provider's price, for well-known models; without one, no cost is told.",
  ),
  structured_output: StructuredOutputSection.optional().describe(
    "The shape of every answer of agents with this model that name none themselves.",
  ),
  ca_certificate: Text.optional().describe(
    "A file of certificates (PEM) that are trusted beside the system's, relative to this file.",
  ),
});
export type LlmSection = z.output<typeof LlmSection>;

/** What a model has beside its provider's options. */
export type LlmExtras = Pick<LlmSection, "fallback" | "price" | "structured_output" | "ca_certificate">;
