import { z } from "zod";
import { AgentSection } from "./agent_section.ts";
import { DocumentStoreSection } from "./document_store_section.ts";
import { LlmSection } from "./llm_section.ts";
import { AgentId, Name, Text, ToolName } from "./names.ts";
import { ObservabilitySection } from "./observability_section.ts";
import { ServerSection } from "./server_section.ts";
import { ToolSection } from "./tool_section.ts";

/**
 * What a configuration file may say, in its newest spelling, without what plugins add: an open section ("loose") is
 * completed by the options of the plugin that it names. Everything else that is not listed here is an error.
 */
export const ConfigFile = z.strictObject({
  version: z.union([z.string(), z.number()]).transform(String).pipe(
    z.string().regex(/^[12](\.\d+)*$/, { error: '"2" (or "1" for older spellings)' }),
  ).optional().describe("Generation of this file. Later generations than 2 are refused."),
  name: Text.optional().describe("What this configuration is called."),
  description: z.string().optional().describe("What it is for."),
  llms: z.record(Name, LlmSection).default({}).describe("Language models by name."),
  agents: z.record(AgentId, AgentSection).describe("Agents by id."),
  tools: z.record(ToolName, ToolSection).default({}).describe("Tools by name, for those that need options."),
  document_stores: z.record(Name, DocumentStoreSection).default({}).describe("Documents that agents can search."),
  server: ServerSection.prefault({}).describe("How the agents are served."),
  observability: ObservabilitySection.prefault({}).describe("What the server tells of itself."),
  defaults: z.strictObject({
    llm: Text.optional().describe("The llm of agents that name none."),
  }).prefault({}).describe("What holds for agents that say nothing of it."),
});
