import { z } from "zod";
import { definePlugin } from "../lib/plugin.ts";
import { openaiChat } from "./openai_chat.ts";
import { connect, ConnectionOptions, type Provider } from "./connection.ts";
import type { Model, ModelDeps } from "./model.ts";
import type { ModelPlugin } from "./plugin.ts";
import { resilient } from "./resilient.ts";

const DEFAULT_MODEL = "gemini-3.8-flash";

const PROVIDER = {
  title: "Google Gemini",
  credentials: ["GEMINI_API_KEY", "GOOGLE_API_KEY"],
  defaultBaseUrl: "https://generativelanguage.googleapis.com/v1beta/openai/",
} as const satisfies Provider;

const Options = z.strictObject({
  model: z.string().min(1).default(DEFAULT_MODEL).meta({ description: "The provider's name of the model." }),
  ...ConnectionOptions,
  temperature: z.number().min(0).max(2).optional().meta({ description: "0 to 2. Left to the provider by default." }),
  max_tokens: z.int().positive().optional().meta({
    description: "The longest answer, in tokens, thinking included. Default: the provider's.",
  }),
  reasoning_effort: z.enum(["none", "minimal", "low", "medium", "high"]).optional().meta({
    description: "How much the model thinks before it answers. Not every model can do without (none).",
  }),
});

/** Google's models, through its endpoint for Chat Completions (https://ai.google.dev/gemini-api/docs/openai). */
export const gemini: ModelPlugin = {
  ...definePlugin({
    options: Options,
    create(
      { temperature, max_tokens, reasoning_effort, ...options }: z.output<typeof Options>,
      deps: ModelDeps,
    ): Model {
      const to = connect(PROVIDER, options, deps);
      return resilient(openaiChat(to, { temperature, max_tokens, reasoning_effort }, deps), to, deps);
    },
  }),
  title: PROVIDER.title,
  credentials: PROVIDER.credentials,
  defaultModel: DEFAULT_MODEL,
  owns: (model) => /^(models\/)?gemini-/.test(model),
};
