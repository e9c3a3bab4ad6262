import type { Part } from "../a2a/types.ts";
import type { JsonObject } from "../lib/json.ts";
import { NeedsInput, type Resumed, type Tool, type ToolContext, ToolRefusal, type ToolResult } from "../tool/tool.ts";
import { Unfinished } from "./agent.ts";
import type { Means } from "./means.ts";
import { cutText, toFault } from "./outcome_text.ts";
import type { Placed } from "./settle_call.ts";
import type { SideText } from "./side_text.ts";
import { earlierOutcomes, type Turn } from "./turn.ts";
import { OutOfTime } from "./turn_clock.ts";

export interface Attempt {
  readonly placed: Placed;
  readonly checked: { readonly tool: Tool; readonly input: JsonObject };
  readonly signal: AbortSignal;
  readonly said: SideText;
  readonly resumed: Resumed | undefined;
}

/** What a tool gave, or what it has to ask before it can go on. */
export type Attempted = { readonly result: ToolResult } | {
  readonly asks: { readonly kind: "input" | "auth"; readonly question: readonly Part[]; readonly state: JsonObject };
};

/** Runs a tool once. What it throws becomes a result that the model reads, but for what the turn has to know of. */
export async function attempt(
  means: Means,
  turn: Turn,
  { placed, checked: { tool, input }, signal, said, resumed }: Attempt,
): Promise<Attempted> {
  const { log, limits: { maxToolOutputChars } } = means;
  const earlier = await earlierOutcomes(turn, tool.name);
  const over = new AbortController();
  const canceled = new AbortController();
  const forget = turn.run.onCallCancel?.(placed.call.id, () => canceled.abort(new CallCanceled()));
  try {
    const result = await unlessAborted(
      canceled.signal,
      turn.clock.within(
        AbortSignal.any([signal, over.signal, canceled.signal]),
        (signal) => {
          const context = { ...contextOf(turn, placed), signal, earlier, say: sayWhile(signal, said) };
          return tool.run(input, resumed === undefined ? context : { ...context, resumed });
        },
      ),
    );
    const { content, display } = result;
    return {
      result: {
        ...result,
        content: cutText(content, maxToolOutputChars),
        ...(display === undefined ? {} : { display: cutText(display, maxToolOutputChars) }),
      },
    };
  } catch (thrown) {
    signal.throwIfAborted();
    if (canceled.signal.aborted) return { result: { content: canceledOutcome(tool.name), isError: true } };
    if (thrown instanceof OutOfTime || thrown instanceof Unfinished) throw thrown;
    if (thrown instanceof NeedsInput) {
      const { kind, question, state } = thrown;
      return { asks: { kind, question, state } };
    }
    if (thrown instanceof ToolRefusal) {
      log.info("tool refused", { tool: tool.name, task: turn.run.task.id, reason: thrown.message });
    } else log.warn("tool failed", { tool: tool.name, task: turn.run.task.id, error: thrown });
    return { result: { content: cutText(toFault(thrown, placed.call), maxToolOutputChars), isError: true } };
  } finally {
    forget?.();
    over.abort(new Error("The call is over"));
  }
}

/** The peer wants this call to end, and the task to go on. */
class CallCanceled extends Error {
  override readonly name = "CallCanceled";
}

/** A tool that does not listen is not waited for. */
function unlessAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const leave = () => reject(signal.reason);
  signal.addEventListener("abort", leave, { once: true });
  work.then(resolve, reject).finally(() => signal.removeEventListener("abort", leave));
  return promise;
}

function canceledOutcome(tool: string): string {
  return `The call of "${tool}" was canceled by the user before it ended; it may have been done in part.`;
}

function contextOf(
  { run, input }: Turn,
  { call, messageId: key }: Placed,
): Omit<ToolContext, "signal" | "earlier" | "say" | "resumed"> {
  const { task, owner } = run;
  const messages = [input.message, ...input.answers.map(({ message }) => message)];
  const metadata = messages.reduce<JsonObject>((all, message) => ({ ...all, ...message.metadata }), {});
  return { callId: call.id, key, contextId: task.contextId ?? "", taskId: task.id, owner, metadata };
}

/** A tool that goes on behind a call that is over must not write into an artifact that is closed. */
function sayWhile(signal: AbortSignal, said: SideText): ToolContext["say"] {
  return async (delta) => {
    signal.throwIfAborted();
    await said.write(delta);
  };
}
