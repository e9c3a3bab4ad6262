import type { Part } from "../a2a/types.ts";
import type { AgentEvent } from "./agent.ts";

/** A whole file or piece of data as an artifact of its own. The same id when it is made again after a crash: it replaces itself. */
export function partArtifact(part: Part, artifactId: string): AgentEvent {
  const name = part.filename === undefined ? {} : { name: part.filename };
  return { artifact: { artifactId, ...name, parts: [part] }, append: false, lastChunk: true };
}
