import { z } from "zod";
import { definePlugin } from "../lib/plugin.ts";
import { anthropicMessages } from "./anthropic_messages.ts";
import { connect, ConnectionOptions, type Provider } from "./connection.ts";
import type { Model, ModelDeps } from "./model.ts";
import type { ModelPlugin } from "./plugin.ts";
import { resilient } from "./resilient.ts";

const DEFAULT_MODEL = "claude-sonnet-5-5";

const PROVIDER = {
  title: "Anthropic",
  credentials: ["ANTHROPIC_API_KEY"],
  baseUrlEnv: "ANTHROPIC_BASE_URL",
  defaultBaseUrl: "https://api.anthropic.com",
} as const satisfies Provider;

const Options = z.strictObject({
  model: z.string().min(1).default(DEFAULT_MODEL).meta({ description: "The provider's name of the model." }),
  ...ConnectionOptions,
  base_url: ConnectionOptions.base_url.meta({
    description:
      "Another server that speaks Anthropic's Messages, without /v1. Default: ANTHROPIC_BASE_URL, else Anthropic.",
  }),
  max_tokens: z.int().positive().default(8_192).meta({
    description: "The longest answer, in tokens, thinking included. The provider wants a number.",
  }),
  effort: z.enum(["low", "medium", "high", "xhigh", "max"]).optional().meta({
    description: "How much work the model puts into an answer. Left to the provider by default.",
  }),
  thinking: z.enum(["adaptive", "disabled"]).optional().meta({
    description:
      "Whether the model may think before it answers, as much as it sees fit. Left to the provider by default.",
  }),
  cache: z.enum(["5m", "1h"]).optional().meta({
    description: "Keep the prompt at the provider for so long, so that the next call reads it cheaper. Off by default.",
  }),
});

/** Anthropic, and every server that speaks its Messages. */
export const anthropic: ModelPlugin = {
  ...definePlugin({
    options: Options,
    create({ max_tokens, effort, thinking, cache, ...options }: z.output<typeof Options>, deps: ModelDeps): Model {
      const to = connect(PROVIDER, options, deps);
      const settings = {
        max_tokens,
        ...(effort === undefined ? {} : { output_config: { effort } }),
        ...(thinking === undefined ? {} : { thinking: toThinking(thinking) }),
        ...(cache === undefined ? {} : { cache_control: { type: "ephemeral" as const, ttl: cache } }),
      };
      return resilient(anthropicMessages(to, settings, deps), to, deps);
    },
  }),
  title: PROVIDER.title,
  credentials: PROVIDER.credentials,
  defaultModel: DEFAULT_MODEL,
  owns: (model) => model.startsWith("claude-"),
};

/** Summaries, because thinking is there to be shown. */
function toThinking(thinking: "adaptive" | "disabled") {
  return thinking === "adaptive" ? { type: thinking, display: "summarized" as const } : { type: thinking };
}
