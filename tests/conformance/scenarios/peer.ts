import type { StreamResponse } from "../../../src/a2a/types.ts";

export type Version = "1.0" | "0.3";
export type BindingName = "in process" | "JSON-RPC" | "REST" | "gRPC" | "WebSocket";
export type StreamingOperation = "SendStreamingMessage" | "SubscribeToTask";
export type Operation =
  | StreamingOperation
  | "SendMessage"
  | "GetTask"
  | "ListTasks"
  | "CancelTask"
  | "CreateTaskPushNotificationConfig"
  | "GetTaskPushNotificationConfig"
  | "ListTaskPushNotificationConfigs"
  | "DeleteTaskPushNotificationConfig"
  | "GetExtendedAgentCard";

/** A request in A2A 1.0's names. */
export type Request = Readonly<Record<string, unknown>>;
export type Json = Readonly<Record<string, unknown>>;

/** An event as its reader has it, and the number that came with it. */
export interface Heard {
  readonly seq: number | undefined;
  readonly event: StreamResponse;
}

/** Behind which event a stream is to go on, and where that is said. */
export interface Place {
  readonly afterSeq: number;
  /** A header (metadata) of the request, or the request itself. */
  readonly by: "header" | "request";
}

/** One caller over one binding in one version. It speaks A2A 1.0 to its test, whatever goes over the wire. */
export interface Peer extends AsyncDisposable {
  readonly binding: BindingName;
  readonly version: Version;
  /** Throws Refused. */
  ask(operation: Operation, request: Request): Promise<unknown>;
  /** Whoever stops reading leaves the stream. Throws Refused from a `next`. */
  listen(operation: StreamingOperation, request: Request, place?: Place): AsyncGenerator<Heard, void, undefined>;
}

/** The other side said no. */
export class Refused extends Error {
  override readonly name = "Refused";
  constructor(readonly reason: string, readonly wire: unknown = undefined) {
    super(`${reason} ${JSON.stringify(wire)}`);
  }
}

export const RESUME = "https://hector.dev/a2a/extensions/resume/v1";

export function isRecord(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The `reason` of an ErrorInfo among google.rpc details (1.0) or of 0.3's free-form data. */
export function reasonIn(details: unknown): string | undefined {
  const found = (Array.isArray(details) ? details : [details]).find((detail) => isRecord(detail) && "reason" in detail);
  return isRecord(found) ? String(found.reason) : undefined;
}

/** Whether nothing follows on a stream: a socket stays open behind it. */
export function isLast(operation: StreamingOperation, event: StreamResponse): boolean {
  if ("message" in event) return true;
  if ("artifactUpdate" in event) return false;
  const { state } = "task" in event ? event.task.status : event.statusUpdate.status;
  if (/COMPLETED|FAILED|CANCELED|REJECTED/.test(state)) return true;
  return operation === "SendStreamingMessage" && /_REQUIRED$/.test(state);
}

/** The request with the place in it. */
export function withPlace(request: Request, place: Place | undefined): Request {
  if (place?.by !== "request") return request;
  const metadata = isRecord(request.metadata) ? request.metadata : {};
  return { ...request, metadata: { ...metadata, [RESUME]: { afterSeq: place.afterSeq } } };
}
