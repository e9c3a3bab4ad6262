import type { Artifact, Message, Part, StreamResponse, Task, TaskArtifactUpdateEvent, TaskStatus } from "./types.ts";

/**
 * The task after `event`: the fold that every peer performs on a stream (A2A v1 §3.1.2, §4.2). Pure; shares what did not
 * change. Throws TypeError for an update without a task before it, which no journal and no well-behaved peer produces.
 */
export function apply(task: Task | undefined, event: StreamResponse): Task {
  if ("task" in event) return event.task;
  if (task === undefined) throw new TypeError("A task's first event must be the task itself");
  if ("statusUpdate" in event) return applyStatus(task, event.statusUpdate.status);
  if ("artifactUpdate" in event) return applyArtifact(task, event.artifactUpdate);
  return { ...task, history: [...task.history ?? [], event.message] };
}

/** The task after its peer's next message: what the agent said last moves into the history, then the message. */
export function applyInput(task: Task, message: Message): Task {
  const history = [...said(task), message];
  const { message: _said, ...status } = task.status;
  return { ...task, history, status };
}

/** A status message is current until the next status; then it is history (so history holds all that was said, once). */
function applyStatus(task: Task, status: TaskStatus): Task {
  const isRepeated = status.message !== undefined && status.message.messageId === task.status.message?.messageId;
  return isRepeated ? { ...task, status } : { ...task, history: said(task), status };
}

/** The history with the status message in it; some agents write it there themselves. */
function said({ status: { message }, history = [] }: Task): Message[] {
  if (message === undefined || history.at(-1)?.messageId === message.messageId) return history;
  return [...history, message];
}

function applyArtifact(task: Task, update: TaskArtifactUpdateEvent): Task {
  const artifacts = task.artifacts ?? [];
  const at = artifacts.findIndex(({ artifactId }) => artifactId === update.artifact.artifactId);
  const present = artifacts[at];
  if (present === undefined) return { ...task, artifacts: [...artifacts, update.artifact] };
  const next = update.append === true ? appended(present, update.artifact) : update.artifact;
  return { ...task, artifacts: artifacts.with(at, next) };
}

/**
 * What a chunk adds to its artifact. Text that continues text stays one part: a thousand deltas are one answer, not a
 * thousand parts. Within one chunk, parts stay as they were cut.
 */
function appended(present: Artifact, chunk: Artifact): Artifact {
  const { parts: [first, ...others], artifactId: _same, metadata, ...labels } = chunk;
  const last = present.parts.at(-1);
  const parts = last !== undefined && first !== undefined && isPlainText(last) && isPlainText(first)
    ? [...present.parts.slice(0, -1), { text: `${last.text}${first.text}` }, ...others]
    : [...present.parts, ...chunk.parts];
  return {
    ...present,
    ...labels,
    parts,
    ...(metadata === undefined ? {} : { metadata: { ...present.metadata, ...metadata } }),
  };
}

function isPlainText(part: Part): boolean {
  return part.text !== undefined && part.metadata === undefined && part.mediaType === undefined &&
    part.filename === undefined;
}
