import type { Usage } from "./model.ts";

/**
 * The usage of several calls as one. Its cost is known only if the cost of each is: half a sum would be believed to be the
 * whole.
 */
export function addUsage(sum: Usage | undefined, usage: Usage): Usage {
  if (sum === undefined) return usage;
  return {
    inputTokens: sum.inputTokens + usage.inputTokens,
    outputTokens: sum.outputTokens + usage.outputTokens,
    ...both("cachedInputTokens", sum, usage),
    ...both("cacheWriteTokens", sum, usage),
    ...both("thinkingTokens", sum, usage),
    ...(sum.costUsd === undefined || usage.costUsd === undefined ? {} : { costUsd: sum.costUsd + usage.costUsd }),
  };
}

type Optional = "cachedInputTokens" | "cacheWriteTokens" | "thinkingTokens";

function both(name: Optional, one: Usage, other: Usage): Pick<Usage, Optional> {
  return one[name] === undefined && other[name] === undefined ? {} : { [name]: (one[name] ?? 0) + (other[name] ?? 0) };
}
