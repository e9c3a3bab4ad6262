import { z } from "zod";
import type { Configurable, PluginTables } from "./plugin_tables.ts";
import { AgentSection, ContextSection, ReasoningSection } from "./agent_section.ts";
import { DocumentStoreSection } from "./document_store_section.ts";
import { LlmSection } from "./llm_section.ts";
import { AgentId, Name, ToolName } from "./names.ts";
import { ConfigFile } from "./schema.ts";
import { ServerSection, StoreSection } from "./server_section.ts";
import { ToolSection } from "./tool_section.ts";

/**
 * JSON Schema (draft 7, which editors know) of a configuration file in its newest spelling, with the options of every
 * plugin. Numbers and booleans may also be a variable.
 */
export function configJsonSchema(tables: PluginTables) {
  const agent = AgentSection.extend({
    reasoning: anyPlugin(ReasoningSection, "engine", tables.engines).optional(),
    context: anyPlugin(ContextSection, "strategy", tables.memories).optional(),
  });
  const file = ConfigFile.extend({
    llms: z.record(Name, anyPlugin(LlmSection, "provider", tables.models)).optional().describe(
      "Language models by name.",
    ),
    agents: z.record(AgentId, agent).describe("Agents by id."),
    tools: z.record(ToolName, anyPlugin(ToolSection, "type", tables.tools)).optional().describe("Tools by name."),
    document_stores: z.record(Name, anyPlugin(DocumentStoreSection, "source", tables.documentSources)).optional()
      .describe("Documents that agents can search."),
    server: ServerSection.extend({ store: anyPlugin(StoreSection, "type", tables.stores).optional() }).optional()
      .describe("How the agents are served."),
  });
  return z.toJSONSchema(file, {
    target: "draft-7",
    io: "input",
    unrepresentable: "any",
    override: ({ zodSchema, jsonSchema }) => {
      // A class is never what a file can hold.
      if (zodSchema instanceof z.ZodUnion && jsonSchema.anyOf) {
        jsonSchema.anyOf = jsonSchema.anyOf.filter((_, at) => !(zodSchema.def.options[at] instanceof z.ZodCustom));
      }
      const { type } = jsonSchema;
      if (type === "number" || type === "integer" || type === "boolean") {
        // A pattern binds texts alone, as a minimum binds numbers alone.
        Object.assign(jsonSchema, { type: [type, "string"], pattern: "^\\$\\{.+\\}$" });
      }
    },
  });
}

/** The common keys of a part, with the options of one of its plugins. */
function anyPlugin(common: z.ZodObject, key: string, table: ReadonlyMap<string, Configurable>) {
  return z.union([...table].map(([name, { options }]) => {
    const named = common.shape[key] instanceof z.ZodOptional ? z.literal(name).optional() : z.literal(name);
    const own = options instanceof z.ZodObject ? options.shape : {};
    return z.strictObject({ ...common.shape, ...own, [key]: named });
  }));
}
