import type { Call } from "../a2a/service.ts";
import type { ListTasksRequest, ListTasksResponse } from "../a2a/types.ts";
import { type Desk, scopeOf } from "./desk.ts";
import { parsePageToken, toPageToken } from "./page_token.ts";
import { withFailures } from "./push/show_failures.ts";
import { withArtifacts, withHistory } from "./task_view.ts";

const DEFAULT_PAGE_SIZE = 50;

/** The caller's tasks with this agent, newest status first (A2A v1 §3.1.4). */
export async function listTasks(desk: Desk, request: ListTasksRequest, call: Call): Promise<ListTasksResponse> {
  const { pageSize = DEFAULT_PAGE_SIZE, pageToken = "", statusTimestampAfter: since, includeArtifacts } = request;
  // ProtoJSON peers may write a filter that they do not set as its default value.
  const contextId = request.contextId === "" ? undefined : request.contextId;
  const state = request.status;
  const scope = scopeOf(desk, call);
  const question = { scope, contextId, state, since };
  const after = pageToken === "" ? undefined : parsePageToken(pageToken, question);
  const page = await desk.store.tasks.list(scope, { contextId, state, since, limit: pageSize, after });
  return {
    tasks: page.tasks.map(({ ref, task }) => {
      const viewed = withArtifacts(withHistory(task, request.historyLength), includeArtifacts === true);
      return withFailures(viewed, desk.push?.failed(ref) ?? []);
    }),
    nextPageToken: page.next === undefined ? "" : toPageToken(page.next, question),
    pageSize,
    totalSize: page.total,
  };
}
