import type { Log } from "../lib/log.ts";
import type { Tool, Toolset } from "../tool/tool.ts";
import { type Toolbox, toolbox } from "./toolbox.ts";

export interface ToolSources {
  readonly tools: readonly Tool[];
  readonly toolsets: readonly Toolset[];
  readonly log: Log;
}

/**
 * The tools of one turn: those of the configuration, then those that its toolsets have now. A toolset that cannot tell
 * leaves its tools out; the turn can do without what is gone.
 */
export async function turnToolbox({ tools, toolsets, log }: ToolSources, signal: AbortSignal): Promise<Toolbox> {
  const told = await Promise.allSettled(toolsets.map((toolset) => toolset.tools(signal)));
  signal.throwIfAborted();
  const found = told.flatMap((each) => {
    if (each.status === "fulfilled") return each.value;
    log.warn("toolset could not be asked", { error: each.reason });
    return [];
  });
  return toolbox([...tools, ...found], {
    away: toolsets.flatMap((toolset) => toolset.away?.() ?? []),
    onClash: (name) => log.warn("two tools have one name; the first is used", { tool: name }),
  });
}
