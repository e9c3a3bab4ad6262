import { A2AError } from "../errors.ts";
import type { Operation } from "../operations.ts";

/** A REST request as its method and path tell it. */
export interface RestRoute {
  readonly operation: Operation;
  /** Decoded, under the core's names: `id` of a task; `taskId` and `id` of a push configuration; `tenant`; `contextId`. */
  readonly pathParams: Readonly<Record<string, string>>;
  /** The status of success where it is not the operation's own; 204 has no body. */
  readonly status?: number;
  /** A2A has no such path: which version of A2A a peer speaks says nothing of it. */
  readonly isExtension?: true;
}

interface Row {
  readonly methods: readonly string[];
  readonly path: RegExp;
  readonly operation: Operation;
  readonly status?: number;
}

/** An id ends at the last colon of its segment; a colon within an id is sent as %3A. */
const ID = "(?<id>[^/]+)";
const CONFIGS = "/tasks/(?<taskId>[^/]+)/pushNotificationConfigs";

/**
 * A2A v1 §11.3 (the paths of 0.3 are the same below `/v1`), and beside it the spellings of older hector clients: a slash
 * for the colon, `sendStream`, `resubscribe`, DELETE for cancel.
 */
const ROWS: readonly Row[] = [
  { methods: ["POST"], path: /^\/message[:/]send$/, operation: "SendMessage" },
  { methods: ["POST"], path: /^\/message[:/](?:stream|sendStream)$/, operation: "SendStreamingMessage" },
  { methods: ["GET"], path: /^\/tasks$/, operation: "ListTasks" },
  { methods: ["POST"], path: new RegExp(`^/tasks/${ID}[:/]cancel$`), operation: "CancelTask" },
  {
    methods: ["GET", "POST"],
    path: new RegExp(`^/tasks/${ID}[:/](?:subscribe|resubscribe)$`),
    operation: "SubscribeToTask",
  },
  { methods: ["POST"], path: new RegExp(`^${CONFIGS}$`), operation: "CreateTaskPushNotificationConfig" },
  { methods: ["GET"], path: new RegExp(`^${CONFIGS}$`), operation: "ListTaskPushNotificationConfigs" },
  { methods: ["GET"], path: new RegExp(`^${CONFIGS}/${ID}$`), operation: "GetTaskPushNotificationConfig" },
  { methods: ["DELETE"], path: new RegExp(`^${CONFIGS}/${ID}$`), operation: "DeleteTaskPushNotificationConfig" },
  // A2A 0.3 §5.5.1 has it at `/v1/card`.
  { methods: ["GET"], path: /^\/(?:extendedAgentCard|card)$/, operation: "GetExtendedAgentCard" },
  { methods: ["GET"], path: /^\/tasks\/(?<id>[^/]+)(?<!:(?:cancel|subscribe|resubscribe))$/, operation: "GetTask" },
  {
    methods: ["DELETE"],
    path: /^\/tasks\/(?<id>[^/]+)(?<!:(?:cancel|subscribe|resubscribe))$/,
    operation: "CancelTask",
    status: 204,
  },
];

/**
 * What `method` on `path` asks for; undefined if there is no such path. `path` begins with a slash, is relative to the
 * agent's URL and still percent-encoded; the clients of 0.3 put `/v1` before it.
 * Throws A2AError METHOD_NOT_ALLOWED, and INVALID_REQUEST for a broken escape.
 */
export function restRoute(method: string, path: string): RestRoute | undefined {
  const plain = path.replace(/^\/v1(?=\/)/, "").replace(/(?<=.)\/$/, "");
  const allowed: string[] = [];
  for (const { methods, path: pattern, operation, status } of ROWS) {
    const match = pattern.exec(plain);
    if (match === null) continue;
    if (methods.includes(method)) {
      return { operation, pathParams: decoded(match.groups ?? {}), ...(status === undefined ? {} : { status }) };
    }
    allowed.push(...methods);
  }
  if (allowed.length === 0) return undefined;
  throw methodNotAllowed(method, allowed);
}

/** A path exists, but not for this method. */
export function methodNotAllowed(method: string, allowed: readonly string[]): A2AError {
  const allow = allowed.join(", ");
  return new A2AError("METHOD_NOT_ALLOWED", `Cannot ${method} this path: it takes ${allow}`, { metadata: { allow } });
}

function decoded(groups: Record<string, string>): Record<string, string> {
  try {
    return Object.fromEntries(Object.entries(groups).map(([name, value]) => [name, decodeURIComponent(value)]));
  } catch (cause) {
    throw new A2AError("INVALID_REQUEST", "Cannot decode the path: it holds a broken percent escape", { cause });
  }
}
