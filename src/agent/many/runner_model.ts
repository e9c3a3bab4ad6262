import { textOf, type ToolOutcome, toolOutcomesOf } from "../../a2a/parts.ts";
import type { Message, Part } from "../../a2a/types.ts";
import { isRecord, type Json, type JsonObject } from "../../lib/json.ts";
import { type Model, ModelError, type ModelRequest, type ToolSpec } from "../../model/model.ts";

export interface RunnerSteps {
  /** Names of tools, in their order. */
  readonly tools: readonly string[];
  /** By tool: arguments that are always the same. */
  readonly fixed: Readonly<Record<string, JsonObject>>;
}

/**
 * What stands in a model's place in an agent without one: it calls the tools one after another, each with what the one
 * before it gave out, the first with the peer's message. What the last one gives out is the answer. So its calls are made,
 * approved and recorded as those of any other agent.
 */
export function runnerModel({ tools, fixed }: RunnerSteps): Model {
  return {
    id: "runner",
    async *stream({ messages, tools: specs }: ModelRequest) {
      const asked = messages.findLastIndex(({ role }) => role === "ROLE_USER");
      const outcomes = messages.slice(asked + 1).flatMap(toolOutcomesOf);
      const last = outcomes.at(-1);
      if (last?.isError === true) throw brokenOff(last);
      const name = tools[outcomes.length];
      if (name === undefined) {
        if (last !== undefined && last.output !== "") yield { kind: "text", delta: last.output };
        yield { kind: "stop", reason: "end" };
        return;
      }
      const spec = specs.find((each) => each.name === name);
      if (spec === undefined) {
        throw new ModelError("invalid_request", `Cannot run "${name}": there is no such tool now`);
      }
      const given = last === undefined ? inputOf(messages[asked]) : parsed(last.output);
      const call = { id: `step-${outcomes.length + 1}`, name, arguments: argumentsFor(spec, given, fixed[name] ?? {}) };
      yield { kind: "call", call };
      yield { kind: "stop", reason: "calls" };
    },
  };
}

function brokenOff({ name, output }: ToolOutcome): ModelError {
  return new ModelError("invalid_request", `Cannot go on: the tool "${name}" failed: ${output}`);
}

/** What is piped into a tool: a text, and the mapping that it may be. */
interface Piped {
  readonly text: string;
  readonly data?: JsonObject;
}

function inputOf(message: Message | undefined): Piped {
  const data = message?.parts.find((part: Part) => isObject(part.data))?.data;
  if (isObject(data)) return { text: JSON.stringify(data), data };
  return parsed(message === undefined ? "" : textOf(message));
}

function parsed(text: string): Piped {
  if (!/^\s*\{/.test(text)) return { text };
  try {
    const data: unknown = JSON.parse(text);
    return isObject(data) ? { text, data } : { text };
  } catch {
    return { text };
  }
}

function isObject(value: unknown): value is JsonObject {
  return isRecord(value);
}

/**
 * A mapping is the arguments, if the tool knows all of its names. A text is the one argument that is missing: the only one
 * that the tool requires and that is not fixed, else the only one that it has.
 */
function argumentsFor({ name, input }: ToolSpec, { text, data }: Piped, fixed: JsonObject): JsonObject {
  const properties = isRecord(input.properties) ? Object.keys(input.properties) : [];
  if (data !== undefined && Object.keys(data).every((key) => properties.includes(key))) return { ...data, ...fixed };
  const open = (names: readonly string[]) => names.filter((key) => !Object.hasOwn(fixed, key));
  const required: readonly Json[] = Array.isArray(input.required) ? input.required : [];
  const missing = open(required.filter((key) => typeof key === "string"));
  const free = open(properties);
  if (missing.length === 0 && (free.length !== 1 || Object.keys(fixed).length > 0)) return { ...fixed };
  const [into, another] = missing.length > 0 ? missing : free;
  if (into !== undefined && another === undefined) return { ...fixed, [into]: text };
  throw new ModelError(
    "invalid_request",
    `Cannot run "${name}": what comes in could be any of its arguments ${missing.join(", ")}; fix the others in ` +
      "tool_arguments, or send a JSON object",
  );
}
