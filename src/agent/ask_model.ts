import { z } from "zod";
import { agentMessage, type ToolCall, toolCallPart } from "../a2a/parts.ts";
import { Struct } from "../a2a/proto_json.ts";
import { addUsage } from "../model/add_usage.ts";
import { isAside, ModelError, type ModelRequest, type OutputShape } from "../model/model.ts";
import type { AgentEvent } from "./agent.ts";
import { partArtifact } from "./part_artifact.ts";
import type { Means } from "./means.ts";
import { SideText } from "./side_text.ts";
import type { Turn } from "./turn.ts";

const RecordedCall = z.object({
  id: z.string(),
  name: z.string(),
  arguments: Struct,
  malformed: z.string().nullable(),
  opaque: Struct.nullable(),
});

const RecordedUsage = z.object({
  inputTokens: z.number(),
  outputTokens: z.number(),
  cachedInputTokens: z.number(),
  cacheWriteTokens: z.number().optional(),
  thinkingTokens: z.number().optional(),
  costUsd: z.number().optional(),
});

/** What a model call is known to have given. */
const ModelAnswer = z.object({
  text: z.string(),
  /** Shown beside the answer, or to nobody. */
  thinking: z.string(),
  calls: z.array(RecordedCall),
  usage: RecordedUsage.nullable(),
  stop: z.enum(["end", "calls", "length", "refusal", "input_required", "message"]),
  /** How many files and pieces of data; they stand in the task. A record from before there were any tells of none. */
  parts: z.number().default(0),
});
type ModelAnswer = z.infer<typeof ModelAnswer>;

/** What the model said, and which tools are to be called. */
export interface Said {
  readonly text: string;
  readonly stop: ModelAnswer["stop"];
  readonly calls: readonly ToolCall[];
}

export interface Question {
  /** Counted from 1. */
  readonly number: number;
  /** Id of the message that announces its calls. */
  readonly messageId: string;
  /** No call of this answer will be done. */
  readonly last: boolean;
  /** Said to the model for this question alone, behind its system prompt; it is to answer without tools then. */
  readonly note?: string;
}

/**
 * One model call as a step. Its text goes to the peers while it comes; its end goes with the record of the step, so that
 * it is said once. Throws ModelError, OutOfTime.
 */
export async function askModel(means: Means, turn: Turn, question: Question): Promise<Said> {
  const artifactId = `${question.messageId}:thinking`;
  const thinking = means.showsThinking === true
    ? new SideText(turn.run, { artifactId, name: "thinking", side: "thinking" })
    : undefined;
  const recorded = await turn.run.step({
    id: question.note === undefined ? `model:${question.number}` : `model:${question.number}:last`,
    result: ModelAnswer,
    act: async (signal) => {
      const request = await toRequest(means, turn, { signal, note: question.note });
      return await readAnswer(means, turn, { ...question, request, thinking });
    },
    events: (said) => [...thinking?.close() ?? [], ...endOf(said, turn, question)],
  });
  if (recorded.usage !== null) turn.usage = addUsage(turn.usage, recorded.usage);
  // What is to be data is said when it is known to have its shape.
  if (means.output === undefined) turn.answer.settle(recorded.text);
  turn.made += recorded.parts;
  return { text: recorded.text, stop: recorded.stop, calls: callsOf(recorded) };
}

const AWAY = "If the user needs them, say so, and do not make up what they would have given.";

async function toRequest(
  { memory, system, limits, output }: Means,
  { past, since, toolbox, input }: Turn,
  { signal, note }: { readonly signal: AbortSignal; readonly note: string | undefined },
): Promise<ModelRequest> {
  const { specs: tools, away } = await toolbox();
  const said = await past();
  const messages = await memory.select(since.length === 0 ? said : [...said, ...since], limits.contextTokens);
  const usual = system({ hasTools: tools.length > 0, metadata: input.message.metadata });
  const prompt = away === "" ? usual : `${usual}\n\n${away} ${AWAY}`;
  const shaped = output === undefined ? {} : { output: toOutput(output) };
  if (note === undefined) return { system: prompt, messages, tools, signal, ...shaped };
  return { system: `${prompt}\n\n${note}`, messages, tools, toolChoice: "none", signal, ...shaped };
}

function toOutput({ schema, name, strict }: OutputShape): OutputShape {
  return { schema, name, strict };
}

interface Asking extends Question {
  readonly request: ModelRequest;
  readonly thinking: SideText | undefined;
}

async function readAnswer(
  { model, output }: Means,
  { answer, clock, run }: Turn,
  { request, messageId, thinking }: Asking,
): Promise<ModelAnswer> {
  clock.check();
  const said: ModelAnswer = { text: "", thinking: "", calls: [], usage: null, stop: "end", parts: 0 };
  let stopped = false;
  for await (const event of model.stream(request)) {
    if (event.kind !== "stop") clock.check();
    switch (event.kind) {
      case "text":
        said.text += event.delta;
        if (event.aside !== true && output === undefined) await answer.write(event.delta);
        break;
      case "part":
        await run.emit(partArtifact(event.part, `${messageId}:part:${++said.parts}`));
        break;
      case "thinking":
        said.thinking += event.delta;
        await thinking?.write(event.delta);
        break;
      case "call":
        said.calls.push(toRecord(event.call));
        break;
      case "usage":
        said.usage = { cachedInputTokens: 0, ...event.usage };
        break;
      case "stop":
        if (event.reason === "error") throw event.error;
        said.stop = event.reason;
        stopped = true;
        break;
      default:
        event satisfies never;
    }
  }
  if (!stopped) throw new ModelError("protocol", `Cannot use the answer of model "${model.id}": it has no end`);
  return said;
}

/** Said together with the record of the step. */
function endOf(said: ModelAnswer, { answer, run }: Turn, { messageId, last, note }: Question): AgentEvent[] {
  if (isAside(said.stop)) return answer.takeBack();
  const calls = callsOf(said);
  const events = answer.close(note !== undefined || calls.length === 0);
  // Calls that nobody will do are not announced: in the history they would wait for their outcomes for ever.
  if (calls.length > 0 && !last) {
    const ids = { messageId, contextId: run.task.contextId, taskId: run.task.id };
    // What a provider wants back (thinking, signatures) is between it and us; later turns can do without it.
    const shown = calls.map(({ opaque: _opaque, ...call }) => toolCallPart(call));
    events.push({ working: agentMessage(shown, ids) });
  }
  return events;
}

/** The calls to do. Some servers say "end" with calls; a call of an answer that was cut may be cut itself. */
function callsOf({ stop, calls }: ModelAnswer): ToolCall[] {
  return stop === "end" || stop === "calls" ? calls.map(toCall) : [];
}

function toRecord({ id, name, arguments: input, malformed, opaque }: ToolCall): z.infer<typeof RecordedCall> {
  return { id, name, arguments: input, malformed: malformed ?? null, opaque: opaque ?? null };
}

function toCall({ malformed, opaque, ...call }: z.infer<typeof RecordedCall>): ToolCall {
  return { ...call, ...(malformed === null ? {} : { malformed }), ...(opaque === null ? {} : { opaque }) };
}
