import type { A2AService, Call } from "../../a2a/service.ts";
import type { Task } from "../../a2a/types.ts";
import { hopsOf } from "./hops.ts";

/** Cancels the tasks of these services that wait for their peer and that the task has begun. */
export async function callOffBelow(task: Pick<Task, "id">, services: Iterable<A2AService>, call: Call): Promise<void> {
  for (const service of services) {
    const below = await Array.fromAsync(waitingBelow(task, service, call));
    // One that has ended meanwhile needs no canceling.
    await Promise.allSettled(below.map(({ id }) => service.cancelTask({ id }, call)));
  }
}

async function* waitingBelow({ id }: Pick<Task, "id">, service: A2AService, call: Call): AsyncGenerator<Task> {
  for (const status of ["TASK_STATE_INPUT_REQUIRED", "TASK_STATE_AUTH_REQUIRED"] as const) {
    let pageToken = "";
    do {
      const page = await service.listTasks({ status, pageSize: 100, ...(pageToken === "" ? {} : { pageToken }) }, call);
      yield* page.tasks.filter(({ history }) => hopsOf(history?.[0]?.metadata).at(-1)?.task === id);
      pageToken = page.nextPageToken;
    } while (pageToken !== "");
  }
}
