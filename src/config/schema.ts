import { z } from "zod";
import { isAllowEntry } from "../lib/egress_rules.ts";

/**
 * What a configuration file may say, in its newest spelling, without what plugins add: an open section ("loose") is
 * completed by the options of the plugin that it names. Everything else that is not listed here is an error.
 */

const Text = z.string().min(1);

/** An agent's id is a segment of URLs, so it has to be harmless there. */
export const AgentId = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/, {
  error: "an id of letters, digits, _, . and -, beginning with a letter or a digit, at most 64 long",
});
/** Model providers take no other function names. */
export const ToolName = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, {
  error: "a name of letters, digits, _ and -, at most 64 long",
});
/** Models are called things like `llama3.2:3b` and `org/model`. */
export const Name = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.:/@-]{0,127}$/, {
  error: "a name of letters, digits and _.:/@-, beginning with a letter or a digit, at most 128 long",
});
const MediaType = z.string().regex(/^[\w.+*-]+\/[\w.+*-]+$/, { error: "a media type such as text/plain" });

const EgressHost = z.stringFormat("host", isAllowEntry, {
  error: "a host name, *.domain, an IP address or a network such as 10.0.0.0/8",
});

export const Skill = z.strictObject({
  id: Text.describe("Unique among the agent's skills."),
  name: Text.describe("The name that people read."),
  description: Text.describe("What the agent can do with it."),
  tags: z.array(Text).default([]).describe("Words to find it by."),
  examples: z.array(Text).default([]).describe("Requests that it answers."),
});

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
  instruction: z.string().optional().describe("What the agent is told to do, added to its prompt."),
  prompt: z.strictObject({
    system_prompt: z.string().optional().describe("Replaces the built-in system prompt."),
  }).prefault({}),
  reasoning: ReasoningSection.prefault({}),
  context: ContextSection.prefault({}),
  document_stores: z.array(Name).optional().describe("Which stores it may search. Absent: all. Empty: none."),
  skills: z.array(Skill).default([]).describe("What its card says that it can do."),
  input_modes: z.array(MediaType).min(1).default(["text/plain"]).describe("Media types that it takes."),
  output_modes: z.array(MediaType).min(1).default(["text/plain"]).describe("Media types that it gives."),
});

export const StoreSection = z.looseObject({
  type: Text.optional().describe("Where tasks and sessions are kept. Default: the first store there is."),
});

export const ServerSection = z.strictObject({
  host: Text.default("127.0.0.1").describe("Address to listen on. 0.0.0.0 or :: for every network."),
  port: z.int().min(0).max(65_535).default(8080).describe("0: any free port."),
  grpc_port: z.union([z.int().min(0).max(65_535), z.boolean()]).optional().describe(
    "Port of gRPC. The same as `port`: one port for both. 0: any free one. true: 50051. false: no gRPC. Default: 50051, " +
      "or none if that is taken.",
  ),
  public_url: z.url({ protocol: /^https?$/, error: "a URL that begins with http:// or https://" }).optional()
    .describe("How others reach this server; stands on the agents' cards. Default: made of host and port."),
  default_agent: Text.optional().describe(
    "The agent of requests that name none. Default: the first that is not private.",
  ),
  store: StoreSection.prefault({}),
  limits: z.strictObject({
    max_body_bytes: z.int().min(1024).max(1_073_741_824).default(10_485_760).describe("Size of a request, at most."),
    body_timeout_seconds: z.number().positive().max(3600).default(30).describe("Time for a request to arrive in full."),
  }).prefault({}),
  drain_timeout_seconds: z.number().min(0).max(3600).default(30).describe(
    "How long a stopping server lets steps that are under way end, so that they need not be done again. Turns go on at " +
      "the next start.",
  ),
  a2a: z.strictObject({
    profile: z.enum(["1.0.1", "1.0.0"]).default("1.0.1").describe("Whose error codes and content types are spoken."),
    repeated_messages: z.enum(["join", "new"]).default("join").describe(
      "What a message does that a caller has sent before, id and words: join the task of the first, so that it is safe " +
        "to send one again, or begin anew.",
    ),
  }).prefault({}),
  push: z.strictObject({
    enabled: z.boolean().default(true).describe("Whether callers may have webhooks told of their tasks."),
    allow: z.array(EgressHost).default([]).describe(
      "Receivers that may be private or without TLS, by name or address. All others: https to public addresses only.",
    ),
    timeout_seconds: z.number().min(1).max(60).default(15).describe("How long a receiver may take to answer."),
    max_attempts: z.int().min(1).max(1000).default(20).describe("How often one notification is tried, at most."),
    give_up_after_seconds: z.number().positive().max(2_592_000).default(86_400).describe(
      "How long one notification is tried, at most. Then its webhook is given up, which the task tells.",
    ),
  }).prefault({}),
  card: z.enum(["negotiated", "pure"]).default("negotiated").describe(
    "negotiated: cards also carry the members of older protocol versions, unless a peer names 1.0. pure: never.",
  ),
});

export const LlmSection = z.looseObject({
  provider: Text.optional().describe(
    "Whose model it is. Default: follows from the model's name, or else from the keys in the environment.",
  ),
});
export const ToolSection = z.looseObject({
  type: Text.optional().describe("Which tool it is. Default: the name of the entry."),
  enabled: z.boolean().default(true).describe("false: no agent gets it, though agents may name it."),
});
export const DocumentStoreSection = z.looseObject({
  source: Text.describe("Where the documents come from."),
});

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
  defaults: z.strictObject({
    llm: Text.optional().describe("The llm of agents that name none."),
  }).prefault({}),
});
