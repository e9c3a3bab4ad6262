import { isAnswer } from "./parts.ts";
import type { A2AService } from "./service.ts";
import type { Artifact, Part, SendMessageRequest, StreamResponse, Task } from "./types.ts";

const JSON_TYPE = "application/json";
const TEXT_TYPE = "text/plain";

/**
 * The service of an agent that heeds `acceptedOutputModes` (A2A v1 §3.2.2) where it has a choice: data can be written as
 * text. So a caller who takes text and no JSON is given the JSON as text, in the answer to that message; the task itself
 * stays as it is. Whatever else is not accepted is given all the same: no answer would be worse.
 */
export function givingAccepted(service: A2AService): A2AService {
  return {
    ...service,
    sendMessage: async (request, call) => {
      const answer = await service.sendMessage(request, call);
      return wantsText(request) && "task" in answer ? { task: taskInText(answer.task) } : answer;
    },
    sendStreamingMessage: (request, call) => {
      const events = service.sendStreamingMessage(request, call);
      return wantsText(request) ? inText(events) : events;
    },
  };
}

function wantsText({ configuration }: SendMessageRequest): boolean {
  const accepted = (configuration?.acceptedOutputModes ?? []).map(bareType);
  return accepts(accepted, TEXT_TYPE) && !accepts(accepted, JSON_TYPE);
}

/** Without parameters such as a charset (RFC 9110 §8.3.1). */
function bareType(mediaType: string): string {
  return mediaType.replace(/;.*/s, "").trim().toLowerCase();
}

function accepts(accepted: readonly string[], mediaType: string): boolean {
  return [mediaType, mediaType.replace(/\/.*/s, "/*"), "*/*"].some((range) => accepted.includes(range));
}

async function* inText<Event extends { readonly event: StreamResponse }>(events: AsyncIterable<Event>) {
  for await (const numbered of events) yield { ...numbered, event: eventInText(numbered.event) };
}

function eventInText(event: StreamResponse): StreamResponse {
  if ("task" in event) return { task: taskInText(event.task) };
  if (!("artifactUpdate" in event)) return event;
  const { artifactUpdate } = event;
  return { artifactUpdate: { ...artifactUpdate, artifact: artifactInText(artifactUpdate.artifact) } };
}

function taskInText(task: Task): Task {
  return task.artifacts === undefined ? task : { ...task, artifacts: task.artifacts.map(artifactInText) };
}

function artifactInText(artifact: Artifact): Artifact {
  return isAnswer(artifact) ? { ...artifact, parts: artifact.parts.map(partInText) } : artifact;
}

function partInText(part: Part): Part {
  const { data, mediaType = JSON_TYPE, ...rest } = part;
  if (data === undefined || bareType(mediaType) !== JSON_TYPE) return part;
  return { ...rest, text: JSON.stringify(data), mediaType: TEXT_TYPE };
}
