import type { ToolCall } from "../../src/a2a/parts.ts";
import { toolCallsOf } from "../../src/a2a/parts.ts";
import type { Agent } from "../../src/agent/agent.ts";
import { createLlmAgent, type LlmAgentParts } from "../../src/agent/loop.ts";
import type { TurnLimits } from "../../src/agent/means.ts";
import type { JsonObject } from "../../src/lib/json.ts";
import type { Model, ModelEvent, ModelRequest, StopReason } from "../../src/model/model.ts";
import { tokenWindow } from "../../src/memory/token_window.ts";
import type { Replay, Tool, ToolContext, ToolResult } from "../../src/tool/tool.ts";

type Reply = readonly (ModelEvent | Error)[];

export interface FakeModel extends Model {
  readonly requests: ModelRequest[];
}

/**
 * Answers the nth question of a turn with the nth reply, whichever life it is asked in, and a question without tools with
 * `summary`. An Error in a reply is thrown.
 */
export function fakeModel(replies: readonly Reply[], summary: Reply = says(["In sum."])): FakeModel {
  const requests: ModelRequest[] = [];
  return {
    id: "fake",
    requests,
    async *stream(request) {
      requests.push(request);
      const since = request.messages.slice(request.messages.findLastIndex(({ role }) => role === "ROLE_USER"));
      const rounds = since.filter((message) => toolCallsOf(message).length > 0).length;
      const reply = request.toolChoice === "none" ? summary : replies[rounds] ?? [];
      for (const event of reply) {
        await Promise.resolve();
        request.signal.throwIfAborted();
        if (event instanceof Error) throw event;
        yield event;
      }
    },
  };
}

/** The events of a model that says `text` piece by piece, and then calls or stops. */
export function says(
  pieces: readonly string[],
  { calls = [], stop = calls.length > 0 ? "calls" : "end" }: {
    readonly calls?: readonly ToolCall[];
    readonly stop?: Exclude<StopReason, "error">;
  } = {},
): ModelEvent[] {
  return [
    ...pieces.map((delta) => ({ kind: "text" as const, delta })),
    ...calls.map((call) => ({ kind: "call" as const, call })),
    { kind: "usage", usage: { inputTokens: 10, outputTokens: 2 } },
    { kind: "stop", reason: stop },
  ];
}

export function call(id: string, name: string, input: JsonObject = {}): ToolCall {
  return { id, name, arguments: input };
}

/** A tool that keeps count of what it was asked to do. */
export interface FakeTool extends Tool {
  readonly runs: { readonly input: JsonObject; readonly context: ToolContext }[];
}

export function fakeTool(
  name: string,
  { replay = "safe", input = { type: "object" }, act = () => ({ content: `${name} done` }) }: {
    readonly replay?: Replay;
    readonly input?: JsonObject;
    readonly act?: (input: JsonObject, context: ToolContext) => ToolResult | Promise<ToolResult>;
  } = {},
): FakeTool {
  const runs: { input: JsonObject; context: ToolContext }[] = [];
  return {
    name,
    description: `Does ${name}`,
    input,
    replay,
    runs,
    run: async (given, context) => {
      runs.push({ input: given, context });
      return await act(given, context);
    },
  };
}

const LIMITS: TurnLimits = {
  maxIterations: 100,
  timeoutSeconds: 3600,
  contextTokens: 32_000,
  maxToolOutputChars: 50_000,
};

/** Sleeps until it is called off: no limit of time is reached by itself. */
function forever(_ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
}

export function fakeAgent(
  { limits, ...parts }: Partial<Omit<LlmAgentParts, "limits">> & Pick<LlmAgentParts, "model"> & {
    readonly limits?: Partial<TurnLimits>;
  },
): Agent {
  return createLlmAgent({
    tools: [],
    toolsets: [],
    memory: tokenWindow.create({}, {}),
    system: () => "Be brief.",
    now: () => 0,
    sleep: forever,
    ...parts,
    limits: { ...LIMITS, ...limits },
  });
}
