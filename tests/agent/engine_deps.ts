import type { EngineDeps } from "../../src/agent/engine.ts";
import { tokenWindow } from "../../src/memory/token_window.ts";
import type { Model } from "../../src/model/model.ts";
import type { Tool } from "../../src/tool/tool.ts";

/** What the house would hand to an engine: nobody else is there, and no limit of time is reached by itself. */
export function depsOf(model: Model, tools: readonly Tool[] = []): EngineDeps {
  return {
    model,
    tools,
    toolsets: [],
    memory: tokenWindow.create({}, {}),
    prompt: { instruction: "Sell shoes." },
    limits: { maxIterations: 5, timeoutSeconds: 60, contextTokens: 1_000 },
    agents: { colleagues: [], ask: () => Promise.reject(new Error("no agent was asked for")) },
    now: () => Date.UTC(2026, 0, 1),
    sleep: (_ms: number, signal: AbortSignal) =>
      new Promise<void>((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
  };
}
