import type { JsonObject } from "../lib/json.ts";
import { carriedBy } from "./carried.ts";
import type { Connection } from "./connection.ts";
import type { ModelRequest } from "./model.ts";
import { toTurns, type Turn } from "./turns.ts";

/* What is sent over Ollama's /api/chat (https://docs.ollama.com/api/chat). */

/** The body of a request whose files are pictures by their bytes. */
export function ollamaBody(request: ModelRequest, to: Connection): JsonObject {
  const { system, tools, toolChoice, output, messages } = request;
  const instructions = system ? [{ role: "system", content: system }] : [];
  return {
    model: to.model,
    messages: [...instructions, ...toTurns(messages).flatMap((turn) => toMessages(turn, to))],
    // There is no way to tell a model of tools that it must not call.
    ...(tools.length === 0 || toolChoice === "none" ? {} : { tools: tools.map(toTool) }),
    ...(output === undefined ? {} : { format: output.schema }),
    stream: true,
  };
}

function toTool({ name, description, input }: ModelRequest["tools"][number]): JsonObject {
  return { type: "function", function: { name, description, parameters: input } };
}

function toMessages(turn: Turn, to: Connection): JsonObject[] {
  switch (turn.by) {
    case "user": {
      const texts = turn.content.flatMap((piece) => "text" in piece ? piece.text : []);
      const images = turn.content.flatMap((piece) => "base64" in piece ? piece.base64 : []);
      return [{ role: "user", content: texts.join("\n\n"), ...(images.length === 0 ? {} : { images }) }];
    }
    case "model": {
      const thought = turn.calls.map((call) => carriedBy(call, to)?.thinking).find((text) => typeof text === "string");
      const calls = turn.calls.map(({ id, name, arguments: input }) => ({ id, function: { name, arguments: input } }));
      return [{
        role: "assistant",
        content: turn.text,
        ...(thought === undefined ? {} : { thinking: thought }),
        ...(calls.length === 0 ? {} : { tool_calls: calls }),
      }];
    }
    case "tools":
      return turn.outcomes.map(({ id, name, output }) => ({
        role: "tool",
        tool_name: name,
        tool_call_id: id,
        content: output,
      }));
    default:
      return turn satisfies never;
  }
}
