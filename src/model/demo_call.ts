import { isRecord, type Json, type JsonObject } from "../lib/json.ts";
import type { ToolSpec } from "./model.ts";

/** A call that the demo makes because its user seems to want it. */
export interface DemoCall {
  readonly name: string;
  readonly arguments: JsonObject;
}

const REQUEST =
  /^\W*(?:(?:please|can you|could you)\s+)*(?:list|show|search|find|use|call|run|look up|fetch|read|get|add|ask)\b(?:\s+(?:me|for|up|the|my|a|an|all|to|tool)\b)*\s*/i;

const MIN_WORD_CHARS = 4;

/**
 * The tool that a message asks for: it begins with a request ("use …", "search …", "list …") and names the tool or has a word
 * of its name. All else calls nothing, because a tool that runs unasked is worse than one that does not run.
 */
export function demoCall(message: string, tools: readonly ToolSpec[]): DemoCall | undefined {
  const request = REQUEST.exec(message)?.[0];
  if (request === undefined) return undefined;
  const words = new Set(message.toLowerCase().split(/[^a-z0-9]+/).map(singular));
  const tool = tools.find(({ name }) => message.includes(name)) ??
    tools.find(({ name }) => wordsOf(name).some((word) => words.has(word)));
  if (tool === undefined) return undefined;
  const subject = message.slice(request.length).replace(tool.name, "").trim();
  const input = sample(tool.input, subject === "" ? message.trim() : subject);
  return { name: tool.name, arguments: isObject(input) ? input : {} };
}

function wordsOf(name: string): string[] {
  return name.toLowerCase().split(/[^a-z0-9]+/).filter((word) => word.length >= MIN_WORD_CHARS).map(singular);
}

function singular(word: string): string {
  return word.length > MIN_WORD_CHARS ? word.replace(/s$/, "") : word;
}

const MAX_DEPTH = 5;

/** A value that a JSON Schema allows, with `subject` for its texts; members that are not required stay out. */
function sample(schema: unknown, subject: string, depth = 0): Json {
  if (!isObject(schema) || depth > MAX_DEPTH) return subject;
  const given = schema.const ?? schema.default ?? first(schema.enum) ?? first(schema.examples);
  if (given !== undefined) return given;
  const choice = first(schema.anyOf) ?? first(schema.oneOf);
  if (choice !== undefined) return sample(choice, subject, depth + 1);
  switch (schema.type) {
    case "object":
      return members(schema, subject, depth);
    case "array":
      return [sample(schema.items, subject, depth + 1)];
    case "integer":
    case "number":
      return schema.minimum ?? 1;
    case "boolean":
      return false;
    default:
      return subject;
  }
}

function members({ properties, required }: JsonObject, subject: string, depth: number): JsonObject {
  const names = Array.isArray(required) ? required.filter((name) => typeof name === "string") : [];
  const schemas = new Map(Object.entries(isObject(properties) ? properties : {}));
  return Object.fromEntries(names.map((name) => [name, sample(schemas.get(name), subject, depth + 1)]));
}

function first(list: Json | undefined): Json | undefined {
  return Array.isArray(list) ? list[0] : undefined;
}

function isObject(value: unknown): value is JsonObject {
  return isRecord(value);
}
