import { z } from "zod";
import { CardSection, ExtendedCardSection, ExtensionSection, Skill } from "./card_sections.ts";
import { AGENT_TYPES } from "./agent_types.ts";
import { AgentId, MediaType, Name, Text, ToolName } from "./names.ts";
import { REMOTE_KEYS } from "./remote_section.ts";
import { StructuredOutputSection } from "./structured_output_section.ts";

export const ReasoningSection = z.looseObject({
  engine: Text.optional().describe("How the agent works through a request. Default: the first engine there is."),
  max_iterations: z.int().min(1).max(10_000).default(100).describe(
    "Model calls in one turn, at most. Where the model would go on, one more sums up what there is.",
  ),
  timeout_seconds: z.number().positive().max(604_800).default(3600).describe("Length of one turn, at most."),
  completion_instruction: z.string().optional().describe("When the agent is done, added to its prompt."),
  enable_thinking_display: z.boolean().default(false).describe(
    "Whether callers are shown what the model thinks, as an artifact beside the answer.",
  ),
  enable_exit_tool: z.boolean().default(false).describe(
    "Whether the agent may end the loop in which it works, by the tool exit_loop.",
  ),
  enable_escalate_tool: z.boolean().default(false).describe(
    "Whether the agent may end the loop in which it works by the tool escalate, because somebody else has to help.",
  ),
});

const TaskSection = z.strictObject({
  input_timeout: z.number().positive().max(31_536_000).optional().describe(
    "Seconds that a call may wait for a person's yes or answer. Absent: until there is one, or the task is canceled.",
  ),
  on_input_timeout: z.enum(["fail", "deny"]).default("fail").describe(
    "What a wait does that lasts too long. fail: the task fails. deny: the call is denied, and the model goes on.",
  ),
});

const VariableName = z.string().regex(/^[A-Za-z_]\w{0,63}$/, "expected letters, digits and _");
const Variable = z.union([z.string(), z.number(), z.boolean(), z.null()]);

export const ContextSection = z.looseObject({
  strategy: Text.optional().describe("Which of the past goes into the prompt. Default: the first strategy there is."),
  budget: z.int().min(100).max(100_000_000).default(32_000).describe("Tokens of history in the prompt, at most."),
});

const Scalar = z.union([z.string(), z.number(), z.boolean()]);
const Argument = z.union([Scalar, z.array(Scalar)]);

export const AgentSection = z.strictObject({
  type: z.enum(AGENT_TYPES).default("llm").describe(
    "llm: a model with tools. sequential, parallel, loop: its sub_agents one after another, at the same time, again and " +
      "again. runner: its tools one after another, without a model. remote: an agent of another server.",
  ),
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
    "Of an agent with the tool agent_call: whom it may give tasks; absent: all others. Of another one with a model: to " +
      "whom it may hand the conversation over. Of workflows: who works, in this order.",
  ),
  agent_tools: z.array(AgentId).default([]).describe(
    "Agents that it may call as tools of their own names. Each call begins a new conversation.",
  ),
  max_iterations: z.int().min(0).max(10_000).optional().describe(
    "type loop: how often its sub_agents work, at most. 0: until one of them ends it. Default: 10.",
  ),
  max_concurrency: z.int().min(1).max(1000).optional().describe(
    "type parallel: how many of its sub_agents work at one time. Default: 8.",
  ),
  tool_arguments: z.record(ToolName, z.record(z.string(), Argument)).optional().describe(
    "type runner: by tool, arguments that are always the same. What the tool before it gave out goes into the one that is " +
      "missing.",
  ),
  ...REMOTE_KEYS,
  instruction: z.string().optional().describe(
    "What the agent is told to do, added to its prompt. {NAME} stands for one of its variables.",
  ),
  variables: z.record(VariableName, Variable).default({}).describe(
    "What {NAME} in its prompts stands for. Callers can say otherwise in their message's metadata, under `variables`; " +
      "null: they have to.",
  ),
  prompt: z.strictObject({
    system_prompt: z.string().optional().describe("Replaces the built-in system prompt."),
    role: z.string().optional().describe("Who the agent is: replaces what the built-in system prompt says of that."),
    guidance: z.string().optional().describe("What the agent should heed, at the end of its prompt."),
  }).prefault({}).describe("What the agent is told of itself."),
  reasoning: ReasoningSection.prefault({}).describe("How the agent works through a request."),
  structured_output: StructuredOutputSection.optional().describe(
    "The shape of every answer, which is data then. Default: that of its llm.",
  ),
  task: TaskSection.prefault({}).describe("How long its tasks wait for people."),
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
  card: CardSection.prefault({}).describe("What its card says of it besides."),
  extended_card: ExtendedCardSection.optional().describe(
    "What its card tells beside the public one: to callers who say who they are, if the server asks.",
  ),
});
