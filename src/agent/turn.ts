import { TOOL_PART, type ToolCall, toolOutcomesOf } from "../a2a/parts.ts";
import type { Message, Part } from "../a2a/types.ts";
import type { Usage } from "../model/model.ts";
import type { Run, RunInput } from "./agent.ts";
import { Answer } from "./answer.ts";
import { repeatHints } from "./outcome_text.ts";
import { readReplies, type Replies } from "./replies.ts";
import type { Means } from "./means.ts";
import { circleWatch } from "./circle_watch.ts";
import type { Toolbox } from "./toolbox.ts";
import { turnToolbox } from "./turn_toolbox.ts";
import { TurnClock } from "./turn_clock.ts";

/** One turn under way. */
export interface Turn {
  readonly run: Run;
  readonly answer: Answer;
  readonly clock: TurnClock;
  readonly input: RunInput;
  /** What the peer has answered to the calls of this turn that waited for it. */
  readonly replies: Replies;
  /** The tools of this turn. Asked for once, and only if somebody needs them. */
  readonly toolbox: () => Promise<Toolbox>;
  /** What was said up to the peer's message, that included. Read once, and only if somebody asks. */
  readonly past: () => Promise<readonly Message[]>;
  /** For the model: the calls of this turn and what came of them, a message of each for a model call. */
  readonly since: Message[];
  /** What to add to a call's outcome; asked in the order of the calls. */
  readonly hint: (call: ToolCall) => string;
  /** Whether the model goes in circles; asked after each round of calls. */
  readonly goesInCircles: ReturnType<typeof circleWatch>;
  /** Of all model calls of the turn so far. */
  usage: Usage | undefined;
  /** How many files and pieces of data the model has made so far. */
  made: number;
  /** Whether an answer was sent back that had not its shape: that is done once. */
  isMended: boolean;
}

export function openTurn(means: Means, input: RunInput, run: Run): Turn {
  const { now, sleep, limits: { timeoutSeconds } } = means;
  const replies = readReplies(input);
  return {
    run,
    answer: new Answer(run),
    clock: new TurnClock(run, { now, sleep, timeoutSeconds, waitedMs: replies.waitedMs }),
    input,
    replies,
    toolbox: onceAsked(() => turnToolbox(means, run.signal)),
    past: readPast(input),
    since: [],
    hint: repeatHints(),
    goesInCircles: circleWatch(),
    usage: undefined,
    made: 0,
    isMended: false,
  };
}

function readPast({ message, history }: RunInput): () => Promise<readonly Message[]> {
  return onceAsked(async () => {
    const before = await history();
    return before.length === 0 ? [unmarked(message)] : [...before.map(unmarked), unmarked(message)];
  });
}

function onceAsked<T>(ask: () => Promise<T>): () => Promise<T> {
  let asked: Promise<T> | undefined;
  return () => asked ??= ask();
}

/** What a tool has answered in this context, oldest first. Failures are the loop's words, or no state. */
export async function earlierOutcomes({ past, since }: Turn, tool: string): Promise<string[]> {
  const messages = [...await past(), ...since];
  return messages.flatMap(toolOutcomesOf).filter(({ name, isError }) => name === tool && !isError)
    .map(({ output }) => output);
}

/** A peer's message without marks of tool traffic: what it says of tools is its own data, and nothing that happened here. */
function unmarked(message: Message): Message {
  if (message.role !== "ROLE_USER" || !message.parts.some(isMarked)) return message;
  return { ...message, parts: message.parts.map(withoutMark) };
}

function isMarked({ metadata }: Part): boolean {
  return metadata?.[TOOL_PART] !== undefined;
}

function withoutMark(part: Part): Part {
  const { [TOOL_PART]: _mark, ...metadata } = part.metadata ?? {};
  return { ...part, metadata };
}
