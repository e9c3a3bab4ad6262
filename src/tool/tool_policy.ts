import type { Replay, Tool, Toolset } from "./tool.ts";

/** What the configuration says of a tool in place of the tool itself. */
export interface ToolPolicy {
  readonly description?: string | undefined;
  readonly requireApproval?: boolean | undefined;
  readonly approvalPrompt?: string | undefined;
  readonly replay?: Replay | undefined;
}

/** The tool as the configuration wants it. */
export function withPolicy(tool: Tool, policy: ToolPolicy): Tool {
  const { needsApproval, approvalPrompt, ...rest } = tool;
  const asks = approvalBy(policy.requireApproval) ?? needsApproval;
  const prompt = policy.approvalPrompt ?? approvalPrompt;
  return {
    ...rest,
    ...(policy.description === undefined ? {} : { description: policy.description }),
    ...(policy.replay === undefined ? {} : { replay: policy.replay }),
    ...(asks === undefined ? {} : { needsApproval: asks }),
    ...(prompt === undefined ? {} : { approvalPrompt: prompt }),
    run: (input, context) => tool.run(input, context),
  };
}

function approvalBy(required: boolean | undefined): Tool["needsApproval"] {
  return required === undefined ? undefined : () => required;
}

/** The same for all tools of a toolset. Its description stands before what each of them says: they know better what they do. */
export function toolsetWithPolicy(toolset: Toolset, { description, ...rest }: ToolPolicy): Toolset {
  if ([description, ...Object.values(rest)].every((word) => word === undefined)) return toolset;
  const told = (tool: Tool) => description === undefined ? undefined : `${description}\n${tool.description}`;
  return {
    ...toolset,
    tools: async (signal) =>
      (await toolset.tools(signal)).map((tool) => withPolicy(tool, { ...rest, description: told(tool) })),
    close: () => toolset.close(),
  };
}
