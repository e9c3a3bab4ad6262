import { z } from "zod";
import type { ToolOutcome } from "../../a2a/parts.ts";
import { defineTool } from "../../tool/define_tool.ts";
import type { Colleague, Tool } from "../../tool/tool.ts";
import type { RunEnd } from "../agent.ts";
import { toolNameOf } from "./agent_tool.ts";

/** Metadata key of an end that is none: another agent goes on with the turn. */
const HANDOVER = "https://hector.dev/a2a/handover/v1";

/** The tool by which a model hands the conversation over. */
export function handoverTool({ id, description }: Colleague): Tool {
  return defineTool({
    name: handoverName(id),
    description: `Hand the conversation over to "${id}", who then answers in your place` +
      (description === "" ? "." : `: ${description}`),
    input: () => z.strictObject({}),
    replay: "safe",
    run: () => Promise.resolve({ content: `"${id}" goes on with the conversation.` }),
  });
}

export function handoverName(id: string): string {
  return `transfer_to_${toolNameOf(id)}`;
}

/** To whom these outcomes hand over; the first of several. `targets`: ids by the names of their tools. */
export function handedTo(
  outcomes: readonly ToolOutcome[],
  targets: ReadonlyMap<string, string>,
): string | undefined {
  return outcomes.flatMap(({ name, isError }) => isError ? [] : targets.get(name) ?? []).at(0);
}

/** How a member of a team ends its part of a turn. */
export function handoverEnd(id: string): RunEnd {
  return { state: "TASK_STATE_COMPLETED", metadata: { [HANDOVER]: id } };
}

/** Who goes on; undefined for an end that is one. */
export function handoverOf({ metadata }: RunEnd): string | undefined {
  const to = metadata?.[HANDOVER];
  return typeof to === "string" ? to : undefined;
}
