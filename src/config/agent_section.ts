import { z } from "zod";
import { ExtendedCardSection, ExtensionSection, Skill } from "./card_sections.ts";
import { AgentId, MediaType, Name, Text, ToolName } from "./names.ts";

export const ReasoningSection = z.looseObject({
  engine: Text.optional().describe("How the agent works through a request. Default: the first engine there is."),
  max_iterations: z.int().min(1).max(10_000).default(100).describe("Model calls in one turn, at most."),
  timeout_seconds: z.number().positive().max(604_800).default(3600).describe("Length of one turn, at most."),
});

export const ContextSection = z.looseObject({
  strategy: Text.optional().describe("Which of the past goes into the prompt. Default: the first strategy there is."),
  budget: z.int().min(100).max(100_000_000).default(32_000).describe("Tokens of history in the prompt, at most."),
});

export const AgentSection = z.strictObject({
  name: Text.optional().describe("The name that people read. Default: the agent's id."),
  description: z.string().optional().describe("What the agent is for; stands on its card."),
  visibility: z.enum(["public", "internal", "private"]).default("public").describe(
    "public: listed and callable. internal: only with a valid credential. private: only by other agents of this process.",
  ),
  llm: Text.optional().describe(
    "An entry of `llms`, or the name of a model whose provider follows from it. Default: `defaults.llm`, the llm named " +
      "`default`, or the only one there is.",
  ),
  tools: z.array(ToolName).default([]).describe(
    "Entries of `tools`, or built-in tools by their type. Absent or empty: no tools, so that no agent can do what " +
      "nobody allowed it.",
  ),
  sub_agents: z.array(AgentId).optional().describe(
    "The agents that it may give tasks, by the tool agent_call. Absent: all others. Empty: none.",
  ),
  instruction: z.string().optional().describe("What the agent is told to do, added to its prompt."),
  prompt: z.strictObject({
    system_prompt: z.string().optional().describe("Replaces the built-in system prompt."),
  }).prefault({}).describe("What the agent is told of itself."),
  reasoning: ReasoningSection.prefault({}).describe("How the agent works through a request."),
  context: ContextSection.prefault({}).describe("Which of the conversation the model is shown."),
  document_stores: z.array(Name).optional().describe("Which stores it may search. Absent: all. Empty: none."),
  skills: z.array(Skill).default([]).describe("What its card says that it can do."),
  input_modes: z.array(MediaType).min(1).optional().describe(
    "Media types of files that it takes, such as image/* or application/pdf; others are refused. Absent: it takes what " +
      "comes, and its card says text/plain.",
  ),
  output_modes: z.array(MediaType).min(1).default(["text/plain"]).describe("Media types that it gives."),
  streaming: z.boolean().default(true).describe("false: the agent answers in one piece only, and its card says so."),
  extensions: z.array(ExtensionSection).default([]).describe("Extensions of A2A that its card declares."),
  extended_card: ExtendedCardSection.optional().describe(
    "What its card tells beside the public one: to callers who say who they are, if the server asks.",
  ),
});
