import type Anthropic from "@anthropic-ai/sdk";

type Params = Anthropic.Messages.MessageCreateParamsStreaming;

/** How long the provider keeps the beginning of a prompt. */
export type Caching = "5m" | "1h";

/**
 * Marks up to where the prompt is kept at the provider and read cheaper by the next call: behind the tools, behind the
 * instructions, behind the newest message. The provider looks back from each mark for the longest beginning that it knows
 * (https://platform.claude.com/docs/en/build-with-claude/prompt-caching).
 */
export function withBreakpoints(params: Params, ttl: Caching): Params {
  const mark = { cache_control: { type: "ephemeral" as const, ttl } };
  const { tools, system, messages } = params;
  const last = messages.at(-1);
  return {
    ...params,
    ...(tools === undefined ? {} : { tools: withLast(tools, (tool) => ({ ...tool, ...mark })) }),
    ...(Array.isArray(system) ? { system: withLast(system, (block) => ({ ...block, ...mark })) } : {}),
    ...(last === undefined ? {} : { messages: [...messages.slice(0, -1), marked(last, mark)] }),
  };
}

type Mark = { readonly cache_control: { readonly type: "ephemeral"; readonly ttl: Caching } };

function marked(message: Anthropic.Messages.MessageParam, mark: Mark): Anthropic.Messages.MessageParam {
  if (message.role === "system" || !Array.isArray(message.content)) return message;
  return {
    ...message,
    content: withLast(message.content, (block) => isMarkable(block) ? { ...block, ...mark } : block),
  };
}

/** Thoughts are kept with what follows them, and take no mark. */
function isMarkable(block: Anthropic.Messages.ContentBlockParam) {
  return block.type === "text" || block.type === "image" || block.type === "document" || block.type === "tool_result";
}

function withLast<T>(list: readonly T[], change: (last: T) => T): T[] {
  return list.map((item, at) => at === list.length - 1 ? change(item) : item);
}
