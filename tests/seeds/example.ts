/* The examples of the project's five descriptions as data: what runs, what another test runs, and what waits for its part. */

interface Example {
  /** The heading under which it stands. */
  readonly section: string;
  readonly name: string;
  /** Where two descriptions contradict each other, or one itself: what was decided. */
  readonly decision?: string;
}

/** What has to be there before the example makes sense; `{task}`, `{call}` and `{session}` in paths are its ids. */
export type Given = "a finished task" | "a running task" | "a tool call at work" | "a session";

/** A server that asks its callers who they are: guards.ts. */
export type Guard = "secret" | "tokens" | "keys";

interface HttpExample extends Example {
  readonly kind: "http";
  /** The server of this example asks its callers; `$TOKEN` in headers and commands is a token that it takes. */
  readonly guard?: Guard;
  /** Answered to strangers, too. */
  readonly isOpen?: boolean;
  readonly given?: Given;
  /** Default 200. */
  readonly status?: number;
  /** The answer as the description shows it: names and values that count must be there, texts and ids are others. */
  readonly json?: unknown;
  /** Lines that have to be in an answer that is no JSON. */
  readonly lines?: readonly RegExp[];
  /** The stream as the description shows it: its frames in this order, others may stand between them. */
  readonly sse?: string;
  /** What the pieces of text in the stream are together. */
  readonly says?: string;
}

/** An example that is a command line. */
export interface CurlExample extends HttpExample {
  readonly curl: string;
}

/** An example that is a request. */
export interface RequestExample extends HttpExample {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** A command line of grpcurl. */
export interface GrpcExample extends Example {
  readonly kind: "grpc";
  readonly grpcurl: string;
  /** The messages of the answer, in this order among others. */
  readonly receives: readonly unknown[];
  readonly says?: string;
}

export interface SocketExample extends Example {
  readonly kind: "socket";
  readonly path: string;
  readonly sends: unknown;
  /** Frames that come back, in this order among others. */
  readonly receives: readonly unknown[];
}

/** A configuration that loads. */
export interface ConfigExample extends Example {
  readonly kind: "config";
  readonly yaml: string;
}

/** An example that another test holds. */
export interface HeldExample extends Example {
  readonly kind: "held";
  /** Paths from the root of the repository. */
  readonly by: readonly string[];
}

/** An example of what does not exist yet, or never will. */
export interface SkippedExample extends Example {
  readonly kind: "skip";
  readonly reason: string;
}

export type Row =
  | CurlExample
  | RequestExample
  | SocketExample
  | GrpcExample
  | ConfigExample
  | HeldExample
  | SkippedExample;
