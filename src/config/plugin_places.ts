import type { z } from "zod";
import { ContextSection, ReasoningSection } from "./agent_section.ts";
import { DocumentStoreSection } from "./document_store_section.ts";
import { LlmSection } from "./llm_section.ts";
import type { Configurable, PluginTables } from "./plugin_tables.ts";
import { StoreSection } from "./server_section.ts";
import { ToolSection } from "./tool_section.ts";

/** A part of the file that names a plugin, and holds the plugin's options beside it. */
export interface PluginPlace {
  /** From the root; `*` is any name. */
  readonly path: readonly string[];
  /** The key that names the plugin. */
  readonly key: string;
  /** The keys that every such part may have. */
  readonly common: z.ZodObject;
  readonly table: ReadonlyMap<string, Configurable>;
  /** Of a part that names none: the first plugin, the one that the part is called after, or one that follows from it. */
  readonly unnamed: "first" | "called" | "inferred";
}

/** Every such part there is. */
export function pluginPlaces(tables: PluginTables): readonly PluginPlace[] {
  return [
    { path: ["llms", "*"], key: "provider", common: LlmSection, table: tables.models, unnamed: "inferred" },
    { path: ["tools", "*"], key: "type", common: ToolSection, table: tables.tools, unnamed: "called" },
    {
      path: ["document_stores", "*"],
      key: "source",
      common: DocumentStoreSection,
      table: tables.documentSources,
      unnamed: "first",
    },
    {
      path: ["agents", "*", "reasoning"],
      key: "engine",
      common: ReasoningSection,
      table: tables.engines,
      unnamed: "first",
    },
    {
      path: ["agents", "*", "context"],
      key: "strategy",
      common: ContextSection,
      table: tables.memories,
      unnamed: "first",
    },
    { path: ["server", "store"], key: "type", common: StoreSection, table: tables.stores, unnamed: "first" },
  ];
}
