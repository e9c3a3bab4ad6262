import { z } from "zod";
import { late } from "../lib/late.ts";

const DESCRIPTION =
  "Whether the model thinks before it answers: true, false, or { enabled, budget_tokens }. Left to the provider by default.";

/** How the file says it; "adaptive" and "disabled" are the words of one provider, for all of them. */
export const ThinkingOption = late(() =>
  z.union([
    z.boolean(),
    z.enum(["adaptive", "disabled"]),
    z.strictObject({
      enabled: z.boolean().default(true).describe("Whether the model thinks before it answers."),
      budget_tokens: z.int().min(0).optional().describe(
        "About how many tokens it may think for. A model that knows only degrees of effort gets the nearest.",
      ),
    }),
  ]).optional().meta({ description: DESCRIPTION })
);

export interface Thinking {
  readonly enabled: boolean;
  /** Greater than 0. */
  readonly budgetTokens?: number;
}

/** What an option says; undefined leaves it to the provider. */
export function toThinking(option: z.output<ReturnType<typeof ThinkingOption>>): Thinking | undefined {
  if (option === undefined) return undefined;
  if (typeof option === "boolean") return { enabled: option };
  if (typeof option === "string") return { enabled: option === "adaptive" };
  // Older files say 0 where they mean nothing.
  return { enabled: option.enabled, ...(option.budget_tokens ? { budgetTokens: option.budget_tokens } : {}) };
}

/** The effort that comes nearest to a budget, for models that take no budget. Without one it is their default. */
export function effortOf({ budgetTokens }: Thinking): "low" | "medium" | "high" | undefined {
  if (budgetTokens === undefined) return undefined;
  if (budgetTokens <= 1_024) return "low";
  return budgetTokens <= 8_192 ? "medium" : "high";
}
