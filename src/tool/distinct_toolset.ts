import type { Log } from "../lib/log.ts";
import { freeName, prefixedName } from "./mcp/tool_names.ts";
import type { Absence, Tool, Toolset } from "./tool.ts";

/** A toolset by the name that the configuration has for it. */
export interface NamedToolset {
  readonly name: string;
  readonly toolset: Toolset;
}

const UNTOLD = "it could not be asked for them";

/**
 * The toolsets of an agent as one, in which every tool has a name of its own: where two would have one name, or one of
 * the agent's other tools has it (`taken`), each begins with the name of its toolset. Once begun so it stays, whatever
 * else goes away: the model has read it. A toolset that cannot tell leaves its tools out.
 */
export function distinctToolset(
  toolsets: readonly NamedToolset[],
  { taken, log }: { readonly taken: readonly string[]; readonly log: Log },
): Toolset {
  const clashed = new Set<string>();
  let failed: readonly Absence[] = [];
  return {
    async tools(signal) {
      const told = await Promise.allSettled(toolsets.map(({ toolset }) => toolset.tools(signal)));
      signal.throwIfAborted();
      failed = toolsets.flatMap(({ name, toolset }, at) =>
        told[at]?.status === "rejected" && (toolset.away?.() ?? []).length === 0 ? [{ name, reason: UNTOLD }] : []
      );
      const found = told.map((each, at): readonly Tool[] => {
        if (each.status === "fulfilled") return each.value;
        log.warn("toolset could not be asked", { name: toolsets[at]?.name, error: each.reason });
        return [];
      });
      for (const name of repeated([...taken, ...found.flatMap((tools) => tools.map((tool) => tool.name))])) {
        clashed.add(name);
      }
      return renamed(toolsets, found, { taken, clashed });
    },
    away: () => [...toolsets.flatMap(({ toolset }) => toolset.away?.() ?? []), ...failed],
    async check(signal) {
      await Promise.all(toolsets.map(({ toolset }) => toolset.check?.(signal)));
    },
    async close() {
      await Promise.all(toolsets.map(({ toolset }) => toolset.close()));
    },
  };
}

function renamed(
  toolsets: readonly NamedToolset[],
  found: readonly (readonly Tool[])[],
  { taken, clashed }: { readonly taken: readonly string[]; readonly clashed: ReadonlySet<string> },
): Tool[] {
  const used = new Set(taken);
  return toolsets.flatMap(({ name }, at) =>
    (found[at] ?? []).map((tool) => {
      const wanted = clashed.has(tool.name) ? prefixedName(`${name}__`, tool.name) : tool.name;
      const own = freeName(wanted, (candidate) => used.has(candidate));
      used.add(own);
      return { ...tool, name: own };
    })
  );
}

function repeated(names: readonly string[]): Iterable<string> {
  const seen = new Set<string>();
  return new Set(names.filter((name) => seen.has(name) || !seen.add(name)));
}
