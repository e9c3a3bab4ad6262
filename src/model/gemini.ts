import { z } from "zod";
import { late } from "../lib/late.ts";
import { definePlugin } from "../lib/plugin.ts";
import { connect, type Connection, ConnectionOptions, type Provider } from "./connection.ts";
import { lateModel } from "./late_model.ts";
import type { Model, ModelDeps } from "./model.ts";
import type { ModelPlugin } from "./plugin.ts";
import { ThinkingOption } from "./thinking.ts";

const DEFAULT_MODEL = "gemini-3.8-flash";

const PROVIDER = {
  title: "Google Gemini",
  credentials: ["GEMINI_API_KEY", "GOOGLE_API_KEY"],
  defaultBaseUrl: "https://generativelanguage.googleapis.com/v1beta",
} as const satisfies Provider;

const Options = late(() =>
  z.strictObject({
    model: z.string().min(1).default(DEFAULT_MODEL).meta({ description: "The provider's name of the model." }),
    ...ConnectionOptions(),
    base_url: ConnectionOptions().base_url.meta({
      description: "Another server that speaks generateContent. /v1beta is added where the address has no path.",
    }),
    temperature: z.number().min(0).max(2).optional().meta({ description: "0 to 2. Left to the provider by default." }),
    max_tokens: z.int().positive().optional().meta({
      description: "The longest answer, in tokens, thinking included. Default: the provider's.",
    }),
    reasoning_effort: z.enum(["none", "minimal", "low", "medium", "high"]).optional().meta({
      description: "How much the model thinks before it answers. Goes before thinking. Not every model can do without.",
    }),
    thinking: ThinkingOption(),
  })
);
type Options = z.output<ReturnType<typeof Options>>;

/** Google's models over its own protocol: the one that has thought signatures, files and cached tokens. */
export const gemini: ModelPlugin = {
  ...definePlugin({
    options: Options,
    create(options: Options, deps: ModelDeps): Model {
      const to = withVersion(connect(PROVIDER, options, deps));
      return lateModel(to, deps, async () => {
        const { generateContent } = await import("./generate_content.ts");
        return generateContent(to, options, deps);
      });
    },
  }),
  title: PROVIDER.title,
  credentials: PROVIDER.credentials,
  defaultModel: DEFAULT_MODEL,
  owns: (model) => /^(models\/)?gemini-/.test(model),
};

function withVersion(to: Connection): Connection {
  const url = new URL(to.baseUrl);
  return url.pathname === "/" ? { ...to, baseUrl: new URL("/v1beta", url).href } : to;
}
