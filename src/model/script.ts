import { z } from "zod";
import { late } from "../lib/late.ts";
import type { ToolCall } from "../a2a/parts.ts";
import type { Part } from "../a2a/types.ts";
import { isRecord, type Json, type JsonObject } from "../lib/json.ts";
import type { ModelErrorKind, StopReason, Usage } from "./model.ts";
import type { Scene } from "./scene.ts";
import { compileTemplate, Template } from "./script_template.ts";
import { ReplyPart, toPart } from "./script_part.ts";
import { compilePattern, type Match, Pattern } from "./script_pattern.ts";

const ERROR_KINDS = [
  "authentication",
  "permission",
  "unknown_model",
  "too_long",
  "invalid_request",
  "rate_limited",
  "quota",
  "overloaded",
  "unavailable",
  "timeout",
  "protocol",
] as const satisfies readonly ModelErrorKind[];

const Which = late(() => z.union([z.boolean(), z.string().min(1)]));

const When = late(() =>
  z.strictObject({
    text: Pattern().optional().meta({
      description: "In the newest user message: a piece of text, or /a regular expression/i.",
    }),
    message_id: z.string().min(1).optional().meta({
      description: "The id of the newest user message, which its sender chose, begins with this.",
    }),
    system: Pattern().optional().meta({ description: "The same, in the system prompt." }),
    tool_result: Which().optional().meta({
      description: "A tool of this name has answered since the newest user message; true: any tool, false: none.",
    }),
    tool: Which().optional().meta({ description: "The agent has a tool of this name; true: any tool, false: none." }),
    turn: z.int().positive().optional().meta({ description: "The user's first message is turn 1." }),
    step: z.int().positive().optional().meta({
      description: "The model's first answer to the newest user message is step 1; each round of tools begins another.",
    }),
  }).meta({ description: "All that is given must hold. Empty: always." })
);

const JsonValue = late((): z.ZodType<Json> => z.json());
const Milliseconds = late(() => z.int().min(0).max(3_600_000).default(0));

export const Reply = late(() =>
  z.strictObject({
    text: Template().default("").meta({
      description:
        "What the model says. Filled in: {{message}}, {{tool_result}}, {{tool_result.NAME}}, {{match}}, {{match.1}}, {{turn}}, {{step}}, {{system}}, {{tools}}.",
    }),
    thinking: Template().default("").meta({ description: "What it thinks before, filled in likewise." }),
    parts: z.array(ReplyPart()).default([]).meta({
      description: "Files and data that it makes, each an artifact of its own.",
    }),
    calls: z.array(z.strictObject({
      name: z.string().min(1).meta({ description: "The tool." }),
      arguments: z.record(z.string(), JsonValue()).default({}).meta({
        description: "Texts in it are filled in likewise.",
      }),
    })).default([]).meta({ description: "Tools that it calls, all at once." }),
    chunk_chars: z.int().positive().optional().meta({
      description: "Stream in pieces of so many characters. Default: in one.",
    }),
    first_delay_ms: Milliseconds().meta({ description: "Wait before the first piece." }),
    delay_ms: Milliseconds().meta({ description: "Wait between two pieces." }),
    usage: z.strictObject({
      input_tokens: z.int().min(0).meta({ description: "What the prompt came to." }),
      output_tokens: z.int().min(0).meta({ description: "What the answer came to." }),
    }).optional().meta({
      description: "Tokens to report.",
    }),
    stop: z.enum(["end", "length", "refusal", "input_required", "message"]).default("end").meta({
      description:
        "Why it stops. refusal: the task is rejected. input_required: it waits for its user. message: the text is said " +
        "without an artifact, and a sender who waits for the end is answered with the message in place of the task.",
    }),
    error: z.strictObject({
      kind: z.enum(ERROR_KINDS),
      message: z.string().min(1).optional().meta({ description: "What the error says." }),
      after_chunks: z.int().min(0).default(0).meta({
        description: "Pieces that come through before. 0: it fails at once.",
      }),
      status: z.int().optional().meta({ description: "The HTTP status to report." }),
    }).optional().meta({ description: "Fail as a provider does." }),
  })
);
type Reply = z.output<ReturnType<typeof Reply>>;

export const Rule = late(() => z.strictObject({ match: When().default({}), reply: Reply() }));
type When = z.output<ReturnType<typeof When>>;

/** What a model does once: a Reply with everything filled in. */
export interface Line {
  readonly text: string;
  readonly thinking: string;
  readonly parts: readonly Part[];
  readonly calls: readonly Pick<ToolCall, "name" | "arguments">[];
  /** Infinity: in one piece. */
  readonly chunkChars: number;
  readonly firstDelayMs: number;
  readonly delayMs: number;
  readonly usage?: Usage;
  readonly stop: Exclude<StopReason, "error" | "calls">;
  readonly error?: Reply["error"];
}

/** What a model does in a scene; undefined where it does not know. */
export type Script = (scene: Scene) => Line | undefined;

/** Rules as one function: the first that matches answers. */
export function compileScript(rules: readonly z.output<ReturnType<typeof Rule>>[], otherwise?: Reply): Script {
  const compiled = rules.map(({ match, reply }) => ({ matches: compileWhen(match), line: compileReply(reply) }));
  const last = otherwise === undefined ? undefined : compileReply(otherwise);
  return (scene) => {
    for (const { matches, line } of compiled) {
      const match = matches(scene);
      if (match !== undefined) return line(scene, match);
    }
    return last?.(scene, []);
  };
}

/** All conditions as one: undefined if one does not hold, else the groups of `text` (none if it has none). */
function compileWhen(
  { text, message_id, system, tool_result, tool, turn, step }: When,
): (scene: Scene) => Match | undefined {
  const inText = text === undefined ? undefined : compilePattern(text);
  const inSystem = system === undefined ? undefined : compilePattern(system);
  return (scene) => {
    if (message_id !== undefined && !scene.messageId.startsWith(message_id)) return undefined;
    if (turn !== undefined && scene.turn !== turn) return undefined;
    if (step !== undefined && scene.step !== step) return undefined;
    if (tool_result !== undefined && !isAmong(scene.outcomes, tool_result)) return undefined;
    if (tool !== undefined && !isAmong(scene.tools, tool)) return undefined;
    if (inSystem !== undefined && inSystem(scene.system) === undefined) return undefined;
    return inText === undefined ? [] : inText(scene.message);
  };
}

function isAmong(named: readonly { readonly name: string }[], which: string | boolean): boolean {
  return typeof which === "boolean" ? named.length > 0 === which : named.some(({ name }) => name === which);
}

function compileReply(reply: Reply): (scene: Scene, match: Match) => Line {
  const { usage, error } = reply;
  const text = compileTemplate(reply.text);
  const thinking = compileTemplate(reply.thinking);
  const calls = reply.calls.map((call) => ({ name: call.name, fill: compileArguments(call.arguments) }));
  const fixed = {
    chunkChars: reply.chunk_chars ?? Infinity,
    firstDelayMs: reply.first_delay_ms,
    delayMs: reply.delay_ms,
    stop: reply.stop,
    parts: reply.parts.map(toPart),
    ...(usage === undefined ? {} : { usage: { inputTokens: usage.input_tokens, outputTokens: usage.output_tokens } }),
    ...(error === undefined ? {} : { error }),
  };
  return (scene, match) => ({
    ...fixed,
    text: text(scene, match),
    thinking: thinking(scene, match),
    calls: calls.map(({ name, fill }) => ({ name, arguments: fill(scene, match) })),
  });
}

function compileArguments(input: JsonObject): (scene: Scene, match: Match) => JsonObject {
  const members = Object.entries(input).map(([name, value]) => ({ name, fill: compileValue(value) }));
  return (scene, match) => Object.fromEntries(members.map(({ name, fill }) => [name, fill(scene, match)]));
}

function compileValue(value: Json): (scene: Scene, match: Match) => Json {
  if (typeof value === "string") return compileTemplate(value);
  if (isList(value)) {
    const items = value.map(compileValue);
    return (scene, match) => items.map((fill) => fill(scene, match));
  }
  return isObject(value) ? compileArguments(value) : () => value;
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function isObject(value: Json): value is JsonObject {
  return isRecord(value);
}
