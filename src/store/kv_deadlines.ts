import { isInterrupted } from "../a2a/task_state.ts";
import type { Change } from "./kv_change.ts";
import { decodeJson, encodeJson } from "./kv_codec.ts";
import { deadlineKey, deadlinePrefix, DEADLINES } from "./kv_keys.ts";
import type { KvWrite } from "./kv_writer.ts";
import type { Deadline } from "./store.ts";

/** Goes with each change of a status: the row of the wait that begins, or none where one has ended. */
export function deadlineRows({ before, after, deadlineMs: atMs }: Change): Pick<KvWrite, "sets" | "deletes"> {
  const key = deadlineKey(after.agent, after.key);
  if (atMs !== undefined) {
    const { ref, agent, seq } = after;
    return { sets: [{ key, value: encodeJson({ ref, agent, seq, atMs } satisfies Deadline) }], deletes: [] };
  }
  const waited = before !== undefined && isInterrupted(before.task.status.state);
  return { sets: [], deletes: waited ? [key] : [] };
}

export async function* readDeadlines(kv: Deno.Kv, agent: string | undefined): AsyncGenerator<Deadline> {
  const prefix = agent === undefined ? DEADLINES : deadlinePrefix(agent);
  for await (const { value } of kv.list<Uint8Array>({ prefix }, { batchSize: 500 })) yield decodeJson(value);
}
