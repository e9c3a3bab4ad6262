import type { Toolset } from "./tool.ts";

/** A toolset whose code is loaded when it is first asked for anything. `open` is called once. */
export function lateToolset(open: () => Promise<Toolset>): Toolset {
  let opening: Promise<Toolset> | undefined;
  let set: Toolset | undefined;
  const opened = () => opening ??= open().then((toolset) => set = toolset);
  return {
    tools: async (signal) => await (await opened()).tools(signal),
    away: () => set?.away?.() ?? [],
    check: async (signal) => await (await opened()).check?.(signal),
    // What nobody has asked for holds nothing.
    close: async () => await (await opening)?.close(),
  };
}
