import { z } from "zod";
import { late } from "../lib/late.ts";
import { definePlugin } from "../lib/plugin.ts";
import type { Settings } from "./anthropic_messages.ts";
import { connect, ConnectionOptions, type Provider } from "./connection.ts";
import { lateModel } from "./late_model.ts";
import type { Model, ModelDeps } from "./model.ts";
import type { ModelPlugin } from "./plugin.ts";
import { effortOf, ThinkingOption, toThinking } from "./thinking.ts";

const DEFAULT_MODEL = "claude-sonnet-5-5";

const PROVIDER = {
  title: "Anthropic",
  credentials: ["ANTHROPIC_API_KEY"],
  baseUrlEnv: "ANTHROPIC_BASE_URL",
  defaultBaseUrl: "https://api.anthropic.com",
} as const satisfies Provider;

const Options = late(() =>
  z.strictObject({
    model: z.string().min(1).default(DEFAULT_MODEL).meta({ description: "The provider's name of the model." }),
    ...ConnectionOptions(),
    base_url: ConnectionOptions().base_url.meta({
      description:
        "Another server that speaks Anthropic's Messages, without /v1. Default: ANTHROPIC_BASE_URL, else Anthropic.",
    }),
    max_tokens: z.int().positive().optional().meta({
      description:
        "The longest answer, in tokens, thinking included. Default: 8192, and the budget of thinking beside it.",
    }),
    effort: z.enum(["low", "medium", "high", "xhigh", "max"]).optional().meta({
      description: "How much work the model puts into an answer. Left to the provider by default.",
    }),
    thinking: ThinkingOption(),
    cache: z.enum(["5m", "1h", "off"]).optional().meta({
      description:
        "How long the beginning of the prompt stays at the provider, so that the next call reads it cheaper. Default: 5m at Anthropic, off at other servers.",
    }),
  }).superRefine(({ max_tokens, thinking }, { addIssue }) => {
    const budget = toThinking(thinking)?.budgetTokens ?? 0;
    if (max_tokens === undefined || budget < max_tokens) return;
    addIssue({
      code: "custom",
      path: ["thinking", "budget_tokens"],
      message: `expected less than max_tokens (${max_tokens})`,
    });
  })
);
type Options = z.output<ReturnType<typeof Options>>;

/** Anthropic, and every server that speaks its Messages. */
export const anthropic: ModelPlugin = {
  ...definePlugin({
    options: Options,
    create(options: Options, deps: ModelDeps): Model {
      const to = connect(PROVIDER, options, deps);
      const cache = options.cache ?? (to.official ? "5m" : "off");
      const settings = { ...settingsOf(options), caching: cache === "off" ? undefined : cache };
      return lateModel(to, deps, async () => {
        const { anthropicMessages } = await import("./anthropic_messages.ts");
        return anthropicMessages(to, settings, deps);
      });
    },
  }),
  title: PROVIDER.title,
  credentials: PROVIDER.credentials,
  defaultModel: DEFAULT_MODEL,
  owns: (model) => model.startsWith("claude-"),
};

/** Answers without thinking are seldom longer. */
const ANSWER_TOKENS = 8_192;

/** The least that the provider takes as a budget. */
const MIN_BUDGET = 1_024;

function settingsOf({ model, max_tokens, effort: asked, thinking: option }: Options): Settings {
  const thinking = toThinking(option);
  const hasBudget = thinking?.enabled === true && knowsOnlyBudgets(model);
  const budget_tokens = hasBudget ? Math.max(thinking.budgetTokens ?? 0, MIN_BUDGET) : 0;
  const effort = asked ?? (thinking?.enabled && !hasBudget ? effortOf(thinking) : undefined);
  // Summaries, because thinking is there to be shown.
  const display = "summarized" as const;
  return {
    max_tokens: max_tokens ?? ANSWER_TOKENS + (thinking?.budgetTokens ?? 0),
    ...(effort === undefined ? {} : { output_config: { effort } }),
    ...(thinking === undefined
      ? {}
      : !thinking.enabled
      ? { thinking: { type: "disabled" } }
      : hasBudget
      ? { thinking: { type: "enabled", budget_tokens, display } }
      : { thinking: { type: "adaptive", display } }),
  };
}

/** Models up to 4.5 take a budget and know nothing else; later ones find their own measure, and the newest refuse a budget. */
function knowsOnlyBudgets(model: string): boolean {
  const [, major, minor = "0"] = /^claude-(?:[a-z]+-)?(\d)(?:-(\d))?(?!\d)/.exec(model) ?? [];
  return major !== undefined && Number(`${major}.${minor}`) <= 4.5;
}
