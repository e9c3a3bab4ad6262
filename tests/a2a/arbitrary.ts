import type { Json } from "../../src/lib/json.ts";
import { TASK_STATES } from "../../src/a2a/task_state.ts";
import type { Artifact, Message, Part, StreamResponse, Task, TaskStatus } from "../../src/a2a/types.ts";

/* Core objects made up from a seed: the same seed makes the same objects on every run. */

/** Mulberry32: numbers in [0, 1). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const TEXTS = ["x", "Grüße 👋", "line\nbreak", "null", "snake_case", "kind", "data"] as const;
const STATES = TASK_STATES;

export interface Arbitrary {
  part(): Part;
  message(): Message;
  task(): Task;
  event(): StreamResponse;
}

export function arbitrary(seed: number): Arbitrary {
  const random = seeded(seed);
  const pick = <T>(items: readonly [T, ...T[]]): T => items[Math.floor(random() * items.length)] ?? items[0];
  const text = () => pick(TEXTS);
  const maybe = <Name extends string, T>(name: Name, make: () => T): { [Key in Name]?: T } => {
    const found: { [Key in Name]?: T } = {};
    if (random() < 0.5) found[name] = make();
    return found;
  };
  const many = <T>(make: () => T): T[] => Array.from({ length: 1 + Math.floor(random() * 3) }, make);
  const json = (depth = 0): Json =>
    pick<() => Json>([
      () => null,
      () => true,
      () => 1.5,
      text,
      (): Json => (depth > 2 ? [] : many(() => json(depth + 1))),
      (): Json => (depth > 2 ? {} : { [text()]: json(depth + 1), data: json(depth + 1) }),
    ])();
  const struct = () => ({ [text()]: json(), "urn:x:y": json() });

  const part = (): Part => ({
    ...pick<() => Part>([
      () => ({ text: text() }),
      () => ({ text: "" }),
      () => ({ raw: btoa("bytes") }),
      () => ({ url: "https://example.com/a?b=c" }),
      () => ({ data: json() }),
    ])(),
    ...maybe("metadata", struct),
    ...maybe("filename", () => "a.txt"),
    ...maybe("mediaType", () => "text/plain"),
  });
  const message = (): Message => ({
    messageId: `m-${random()}`,
    ...maybe("contextId", text),
    ...maybe("taskId", text),
    role: pick(["ROLE_USER", "ROLE_AGENT"]),
    parts: many(part),
    ...maybe("metadata", struct),
    ...maybe("extensions", () => ["urn:extension"]),
  });
  const status = (): TaskStatus => ({
    state: pick(STATES),
    ...maybe("message", message),
    ...maybe("timestamp", () => "2026-11-01T10:00:00.123Z"),
  });
  const artifact = (): Artifact => ({
    artifactId: `a-${random()}`,
    ...maybe("name", text),
    ...maybe("description", text),
    parts: many(part),
    ...maybe("metadata", struct),
    ...maybe("extensions", () => ["urn:extension"]),
  });
  const task = (): Task => ({
    id: `t-${random()}`,
    contextId: text(),
    status: status(),
    ...maybe("artifacts", () => many(artifact)),
    ...maybe("history", () => many(message)),
    ...maybe("metadata", struct),
  });
  const event = (): StreamResponse =>
    pick<() => StreamResponse>([
      () => ({ task: task() }),
      () => ({ message: message() }),
      () => ({ statusUpdate: { taskId: "t", contextId: "c", status: status(), ...maybe("metadata", struct) } }),
      () => ({
        artifactUpdate: {
          taskId: "t",
          contextId: "c",
          artifact: artifact(),
          ...maybe("append", () => random() < 0.5),
          ...maybe("lastChunk", () => random() < 0.5),
          ...maybe("metadata", struct),
        },
      }),
    ])();
  return { part, message, task, event };
}
