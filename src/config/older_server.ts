import { type Change, drop, inOrder, move, plainText, values, within, without } from "./change.ts";
import { OLDER_AUTH } from "./older_auth.ts";
import type { Table } from "./tree.ts";

/** What was kept twice, by tasks and by sessions, is kept in one store now: so it can be said of both, or of the tasks. */
const oneStore: Change = (server, spot) => {
  const [tasks, sessions] = ["tasks", "sessions"].map((key) => backendOf(server, key));
  if (sessions === undefined || (tasks !== undefined && tasks !== sessions)) return server;
  return tasks === undefined
    ? move("sessions.backend → store.type")(server, spot)
    : within("sessions", (section) => without(section, "backend"))(server, spot);
};

function backendOf(server: Table, key: string): string | undefined {
  const section = server.entries.get(key)?.value;
  return section?.kind === "table" ? plainText(section.entries.get("backend")?.value) : undefined;
}

export const OLDER_SERVER: Change = inOrder([
  move(
    "global.a2a_server.base_url → server.public_url",
    "global.a2a_server.preferred_transport → server.transport",
    "global.a2a_server → server",
    "global.auth → server.auth",
    "auth → server.auth",
    "global.observability → observability",
    "server.observability → observability",
    "storage.tasks → server.tasks",
    "storage.sessions → server.sessions",
    "storage.checkpoint → server.checkpoint",
  ),
  within(
    "server",
    olderTransports("transport"),
    within("auth", OLDER_AUTH),
    within("tasks", values("backend", "inmemory → memory")),
    within("sessions", values("backend", "inmemory → memory")),
    oneStore,
    move("tasks.backend → store.type"),
    // What is said to be kept for recovery is kept always.
    within("checkpoint", drop("enabled: true", "after_tools: true", "before_llm: true")),
    within("checkpoint.recovery", drop("auto_resume: true")),
    dropEmpty("checkpoint.recovery", "checkpoint", "tasks", "sessions"),
  ),
  within(
    "observability",
    move("enable_metrics → metrics.enabled", "metrics_enabled → metrics.enabled"),
    within("metrics", drop("endpoint: /metrics")),
    within("tracing", move("exporter_type → exporter", "endpoint_url → endpoint")),
  ),
]);

/** What the transports were called. */
export function olderTransports(key: string): Change {
  return values(key, "json-rpc → jsonrpc");
}

/** Takes away mappings that other changes have left empty. */
export function dropEmpty(...paths: readonly string[]): Change {
  return inOrder(paths.map((path) => {
    const keys = path.split(".");
    const last = keys.pop() ?? "";
    const change: Change = (table) => {
      const value = table.entries.get(last)?.value;
      return value?.kind === "table" && value.entries.size === 0 ? without(table, last) : table;
    };
    return keys.length === 0 ? change : within(keys.join("."), change);
  }));
}
