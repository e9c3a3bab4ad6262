import type { Model, ModelEvent, ModelRequest, Usage } from "../model/model.ts";
import { ModelError } from "../model/model.ts";
import type { TaskRun } from "../task/run.ts";
import type { Measure } from "../telemetry/measurement.ts";
import { NeedsInput, type Tool, type Toolset } from "../tool/tool.ts";

/** Whose calls are measured, and by which clock. */
export interface MeasureFor {
  readonly agent: string;
  readonly measure: Measure;
  /** Milliseconds. */
  readonly now: () => number;
}

/** The model, each of whose calls is measured. */
export function measuredModel(model: Model, provider: string, { agent, measure, now }: MeasureFor): Model {
  async function* stream(request: ModelRequest): AsyncGenerator<ModelEvent, void, undefined> {
    const begunMs = now();
    let usage: Usage | undefined;
    // A reader that goes away in the middle ends the generator here.
    let error: string | undefined = "aborted";
    try {
      for await (const event of model.stream(request)) {
        if (event.kind === "usage") usage = event.usage;
        if (event.kind === "stop") error = event.reason === "error" ? event.error.kind : undefined;
        yield event;
      }
    } catch (thrown) {
      error = errorOf(thrown, request.signal);
      throw thrown;
    } finally {
      measure({
        kind: "model_call",
        agent,
        provider,
        model: model.id,
        seconds: (now() - begunMs) / 1000,
        usage,
        error,
      });
    }
  }
  return { id: model.id, stream };
}

/** The tool, each of whose calls is measured. One that waits for the peer is measured when it has gone on. */
export function measuredTool(tool: Tool, { agent, measure, now }: MeasureFor): Tool {
  return {
    ...tool,
    run: async (input, context) => {
      const begunMs = now();
      const tell = (error: string | undefined) =>
        measure({ kind: "tool_call", agent, tool: tool.name, seconds: (now() - begunMs) / 1000, error });
      try {
        const result = await tool.run(input, context);
        tell(result.isError === true ? "tool_error" : undefined);
        return result;
      } catch (thrown) {
        if (!(thrown instanceof NeedsInput)) tell(errorOf(thrown, context.signal));
        throw thrown;
      }
    },
  };
}

/** What an agent sees of the toolset: its own check is for whoever builds it. */
export function measuredToolset(toolset: Toolset, by: MeasureFor): Toolset {
  return {
    tools: async (signal) => (await toolset.tools(signal)).map((tool) => measuredTool(tool, by)),
    close: () => toolset.close(),
  };
}

function errorOf(thrown: unknown, signal: AbortSignal): string {
  if (signal.aborted) return "aborted";
  return thrown instanceof ModelError ? thrown.kind : "_OTHER";
}

/** Measures what becomes of a run. */
export function measureRun(
  { ended, deps: { agentId: agent } }: Pick<TaskRun, "ended" | "deps">,
  measure: Measure,
): void {
  measure({ kind: "run_began", agent });
  const over = () => measure({ kind: "run_over", agent });
  ended.then(({ task }) => {
    measure({ kind: "turn_ended", agent, state: task.status.state });
    over();
  }, over);
}
