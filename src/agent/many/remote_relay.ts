import { apply } from "../../a2a/apply.ts";
import { agentMessage } from "../../a2a/parts.ts";
import { isTerminal } from "../../a2a/task_state.ts";
import type { Artifact, Message, StreamResponse, Task } from "../../a2a/types.ts";
import type { Run } from "../agent.ts";

/** Tells the peers of a task what another server tells of the task that is worked on there. */
export class RemoteRelay {
  readonly #run: Run;
  /** The task over there, as far as it is known. */
  task: Task | undefined;
  /** An answer that is a message and no task (A2A v1 §3.1.2). */
  message: Message | undefined;

  constructor(run: Run) {
    this.#run = run;
  }

  /** Resolves when there is room for more. */
  async take(event: StreamResponse): Promise<void> {
    if ("message" in event && this.task === undefined) {
      this.message = event.message;
      return;
    }
    const before = this.task;
    this.task = apply(before ?? begunBy(event), event);
    if ("artifactUpdate" in event) {
      const { artifact, append, lastChunk } = event.artifactUpdate;
      await this.#run.emit({
        artifact,
        ...(append === undefined ? {} : { append }),
        ...(lastChunk === undefined ? {} : { lastChunk }),
      });
    } else if ("task" in event) {
      await this.#tellArtifacts(event.task.artifacts ?? [], before?.artifacts ?? this.#run.task.artifacts ?? []);
    } else if ("statusUpdate" in event) {
      const { state, message } = event.statusUpdate.status;
      if (state === "TASK_STATE_WORKING" && message !== undefined) await this.#tellWord(message);
    }
  }

  /** A snapshot holds what was missed; what is as it was known is not told again. */
  async #tellArtifacts(now: readonly Artifact[], known: readonly Artifact[]): Promise<void> {
    const texts = new Map(known.map((artifact) => [artifact.artifactId, JSON.stringify(artifact.parts)]));
    const isOver = this.task !== undefined && isTerminal(this.task.status.state);
    for (const artifact of now) {
      if (texts.get(artifact.artifactId) === JSON.stringify(artifact.parts)) continue;
      await this.#run.emit({ artifact, append: false, ...(isOver ? { lastChunk: true } : {}) });
    }
  }

  async #tellWord({ messageId, parts }: Message): Promise<void> {
    const { id: taskId, contextId } = this.#run.task;
    await this.#run.emit({ working: agentMessage(parts, { messageId, taskId, contextId }) });
  }
}

/** Peers of 0.3 may begin a stream with an update of a task that they have not shown. */
function begunBy(event: StreamResponse): Task | undefined {
  if ("task" in event || "message" in event) return undefined;
  const { taskId: id, contextId } = "statusUpdate" in event ? event.statusUpdate : event.artifactUpdate;
  return { id, contextId, status: { state: "TASK_STATE_SUBMITTED" } };
}
