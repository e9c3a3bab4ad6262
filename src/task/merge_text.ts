import type { Artifact, Part, TaskArtifactUpdateEvent } from "../a2a/types.ts";
import type { Draft } from "../store/store.ts";

/**
 * The two drafts as one, where `next` only continues the text of the artifact that `last` wrote; undefined where they
 * must stay two. The fold of the one is exactly the fold of the two: under load, a stream of deltas makes fewer entries.
 */
export function mergeText(last: Draft | undefined, next: Draft): Draft | undefined {
  const before = last === undefined ? undefined : artifactUpdateOf(last);
  const after = artifactUpdateOf(next);
  if (last === undefined || before === undefined || after === undefined) return undefined;
  if (after.append !== true || before.lastChunk === true || !continues(before.artifact, after.artifact)) {
    return undefined;
  }
  const tail = plainText(before.artifact.parts.at(-1));
  const text = plainText(after.artifact.parts[0]);
  if (tail === undefined || text === undefined) return undefined;
  const parts = before.artifact.parts.with(-1, { text: tail + text });
  const artifactUpdate: TaskArtifactUpdateEvent = { ...before, artifact: { ...before.artifact, parts } };
  if (after.lastChunk !== undefined) artifactUpdate.lastChunk = after.lastChunk;
  return { at: last.at, event: { artifactUpdate } };
}

function artifactUpdateOf(draft: Draft): TaskArtifactUpdateEvent | undefined {
  return "event" in draft && "artifactUpdate" in draft.event ? draft.event.artifactUpdate : undefined;
}

/** Whether `chunk` says nothing about the artifact but more of its text. */
function continues(artifact: Artifact, chunk: Artifact): boolean {
  return chunk.artifactId === artifact.artifactId && chunk.parts.length === 1 && chunk.metadata === undefined &&
    chunk.extensions === undefined && (chunk.name === undefined || chunk.name === artifact.name) &&
    (chunk.description === undefined || chunk.description === artifact.description);
}

function plainText(part: Part | undefined): string | undefined {
  const plain = part !== undefined && part.metadata === undefined && part.mediaType === undefined &&
    part.filename === undefined;
  return plain ? part.text : undefined;
}
