import { AnswerTurns } from "../answer_turns.ts";
import { apply } from "../apply.ts";
import { isAnswer, textOf } from "../parts.ts";
import { isInterrupted, isTerminal } from "../task_state.ts";
import type { Artifact, Part, StreamResponse, Task, TaskState } from "../types.ts";

/*
 * hector's own documents know one answer of an agent, a message. In A2A 1.0 it is what the artifacts hold, and where the
 * agent stopped with words (a question, why it failed) also what the status says (A2A v1 §3.7).
 */

/** The artifacts that belong to the answer. */
export function answersOf({ artifacts = [] }: Task): Artifact[] {
  return artifacts.filter(isAnswer);
}

/** What the agent has answered so far. */
export function replyOf(task: Task): Part[] {
  const answered = answersOf(task).flatMap(({ parts }) => parts).filter(({ text }) => text !== "");
  return [...answered, ...stopWords(task, answered.length > 0)];
}

/** Some agents end by saying again what their artifacts hold. */
function stopWords({ status: { state, message } }: Task, hasAnswered: boolean): readonly Part[] {
  const isRepeated = state === "TASK_STATE_COMPLETED" && hasAnswered;
  return isStopped(state) && !isRepeated ? message?.parts ?? [] : [];
}

function isStopped(state: TaskState): boolean {
  return isTerminal(state) || isInterrupted(state);
}

/** A task after an event, and what of its reply a reader of the stream has not been told yet. */
export interface Heard {
  readonly task: Task;
  readonly news: readonly Part[];
  /** What a running agent reports of its work, such as the tools that it calls: no part of the reply. */
  readonly report: readonly Part[];
}

type TaskEvent = Exclude<StreamResponse, { readonly message: unknown }>;

/**
 * Follows one stream. What a task held before the stream began is no news, unless the task is all that the stream tells
 * (`last`). Of answers that are given at the same time one is told after the other: its reader puts all news together.
 * Throws TypeError for an update without a task before it.
 */
export function replyFollower(): (event: TaskEvent, last: boolean) => Heard {
  const told = new Map<string, Telling>();
  const turns = new AnswerTurns();
  let task: Task | undefined;
  return (event, last) => {
    task = apply(task, event);
    const { status } = task;
    const artifacts = answersOf(task);
    const tellEach = (ids: readonly string[]) =>
      ids.flatMap((id) => artifacts.filter(({ artifactId }) => artifactId === id)).flatMap((one) => tell(told, one));
    if ("artifactUpdate" in event) {
      const { artifact: { artifactId }, lastChunk } = event.artifactUpdate;
      const artifact = artifacts.find((one) => one.artifactId === artifactId);
      const due = artifact === undefined ? [] : turns.next(artifact, lastChunk === true);
      return { task, news: tellEach(last ? [...due, ...turns.all()] : due), report: [] };
    }
    const waiting = tellEach(turns.all());
    if ("statusUpdate" in event) {
      const report = isStopped(status.state) ? [] : status.message?.parts ?? [];
      return { task, news: [...waiting, ...stopWords(task, told.size > 0)], report };
    }
    const held = artifacts.flatMap((artifact) => tell(told, artifact));
    return { task, news: last ? [...waiting, ...held, ...stopWords(task, told.size > 0)] : waiting, report: [] };
  };
}

/** What a reader has of one artifact. */
interface Telling {
  readonly text: string;
  /** Parts that are no text. */
  readonly others: number;
}

/**
 * What is new in an artifact. One that is written anew after a crash begins again from the start: nothing is told until it
 * says more than before, and if it comes out differently, the whole is told, for what was said cannot be taken back.
 */
function tell(told: Map<string, Telling>, artifact: Artifact): Part[] {
  const before = told.get(artifact.artifactId) ?? { text: "", others: 0 };
  const text = textOf(artifact);
  const others = artifact.parts.filter((part) => part.text === undefined);
  const isBehind = before.text.startsWith(text);
  told.set(artifact.artifactId, {
    text: isBehind ? before.text : text,
    others: Math.max(before.others, others.length),
  });
  const news = isBehind ? "" : text.startsWith(before.text) ? text.slice(before.text.length) : text;
  return [...(news === "" ? [] : [{ text: news }]), ...others.slice(before.others)];
}
