import type { JSONRPCMessage, Transport } from "@modelcontextprotocol/client";
import type { Timers } from "../../lib/timers.ts";
import type { ProgramSpec } from "./server_spec.ts";

export interface StdioDeps {
  readonly env: (name: string) => string | undefined;
  readonly timers: Timers;
  /** Of one message. */
  readonly maxBytes: number;
  /** Text of a line → message. Throws for anything else. */
  readonly parse: (line: string) => JSONRPCMessage;
}

/** What a program needs to run at all; all else of our environment may hold secrets and is not its business. */
const INHERITED = ["PATH", "HOME", "USER", "LOGNAME", "LANG", "TERM", "TMPDIR"];
/** Between asking a program to end, telling it, and making it. */
const GRACE_MS = 1000;
const TAIL_CHARS = 2000;
const NEWLINE = 0x0a;

/** The server said more at once than is taken, so it was ended. */
export class MessageTooLong extends Error {
  override readonly name = "MessageTooLong";
}

/**
 * A server as a child process: a message a line over its standard input and output (MCP, "Transports", stdio). It leads a
 * process group of its own, so that its children end with it (`npx` starts some), also when we leave without closing.
 */
export class StdioTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: (message: JSONRPCMessage) => void;
  readonly #spec: ProgramSpec;
  readonly #deps: StdioDeps;
  #child: Deno.ChildProcess | undefined;
  #writer: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>> | undefined;
  #tail = "";
  #failure: Error | undefined;

  constructor(spec: ProgramSpec, deps: StdioDeps) {
    this.#spec = spec;
    this.#deps = deps;
  }

  /** The client knows a stdio transport by having this and `pid`: then silence means an older server, not an outage. */
  get stderr(): null {
    return null;
  }

  get pid(): number | null {
    return this.#child?.pid ?? null;
  }

  /** Why the program ended, as far as it is known: what we ended it for, else the end of its standard error. */
  get lastWords(): Error | undefined {
    if (this.#failure !== undefined) return this.#failure;
    const tail = this.#tail.trim();
    return tail === "" ? undefined : new Error(`The server's program says: ${tail}`);
  }

  start(): Promise<void> {
    const { command, args, cwd } = this.#spec;
    const child = new Deno.Command(command, {
      args: [...args],
      cwd,
      clearEnv: true,
      env: this.#environment(),
      detached: true,
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#child = child;
    this.#writer = child.stdin.getWriter();
    this.#writer.closed.catch(() => {});
    void this.#watch(child);
    return Promise.resolve();
  }

  async send(message: JSONRPCMessage): Promise<void> {
    if (this.#writer === undefined) throw new Error("The server's program is not running");
    await this.#writer.write(new TextEncoder().encode(`${JSON.stringify(message)}\n`));
  }

  /** Closes the program's input; one that does not end by that is told to, and then made to. */
  async close(): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    this.#writer?.close().catch(() => {});
    const { timers } = this.#deps;
    const steps = [
      timers.after(GRACE_MS, () => signalGroup(child, "SIGTERM")),
      timers.after(2 * GRACE_MS, () => signalGroup(child, "SIGKILL")),
    ];
    await child.status;
    for (const stop of steps) stop();
  }

  async #watch(child: Deno.ChildProcess): Promise<void> {
    const killAtExit = () => signalGroup(child, "SIGKILL");
    addEventListener("unload", killAtExit);
    const over = new AbortController();
    const said = this.#read(untilAborted(child.stdout, over.signal)).catch((error: unknown) => {
      if (over.signal.aborted) return;
      this.#failure = error instanceof Error ? error : new Error(String(error));
      this.onerror?.(this.#failure);
      signalGroup(child, "SIGKILL");
    });
    const complained = this.#keepTail(untilAborted(child.stderr, over.signal));
    await child.status;
    // What it leaves behind would hold our pipes open, and what has left its group still does.
    signalGroup(child, "SIGKILL");
    const stop = this.#deps.timers.after(GRACE_MS, () => over.abort());
    removeEventListener("unload", killAtExit);
    await Promise.all([said, complained]);
    stop();
    this.#child = undefined;
    this.#writer = undefined;
    this.onclose?.();
  }

  async #read(stdout: ReadableStream<Uint8Array>): Promise<void> {
    for await (const line of linesOf(stdout, this.#deps.maxBytes)) {
      let message: JSONRPCMessage;
      try {
        message = this.#deps.parse(line);
      } catch (error) {
        // Programs that print something else to their output are common; nothing is lost by passing it over.
        this.onerror?.(new Error("The server printed a line that is no message", { cause: error }));
        continue;
      }
      this.onmessage?.(message);
    }
  }

  async #keepTail(stderr: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<void> {
    try {
      for await (const text of stderr.pipeThrough(new TextDecoderStream())) {
        this.#tail = (this.#tail + text).slice(-TAIL_CHARS);
      }
    } catch {
      // The pipe broke with the program; what was said before is kept.
    }
  }

  #environment(): Record<string, string> {
    const { env } = this.#deps;
    const inherited = INHERITED.flatMap((name): [string, string][] => {
      const value = env(name);
      return value === undefined ? [] : [[name, value]];
    });
    const own = Object.entries(this.#spec.env).map(([name, value]): [string, string] => [name, value.reveal()]);
    return Object.fromEntries([...inherited, ...own]);
  }
}

function signalGroup({ pid }: Deno.ChildProcess, signal: Deno.Signal): void {
  try {
    Deno.kill(-pid, signal);
  } catch {
    // The group has ended already.
  }
}

function untilAborted<T>(stream: ReadableStream<T>, signal: AbortSignal): ReadableStream<T> {
  return stream.pipeThrough(new TransformStream<T, T>(), { signal });
}

/** The lines of a stream that hold something. Throws MessageTooLong for one that is longer than `maxBytes`. */
async function* linesOf(bytes: ReadableStream<Uint8Array>, maxBytes: number): AsyncIterable<string> {
  const decoder = new TextDecoder();
  let begun: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of bytes) {
    let rest = chunk;
    for (let end = rest.indexOf(NEWLINE); end !== -1; end = rest.indexOf(NEWLINE)) {
      const line = decoder.decode(joined([...begun, rest.subarray(0, end)])).trim();
      if (line !== "") yield line;
      begun = [];
      length = 0;
      rest = rest.subarray(end + 1);
    }
    begun.push(rest);
    length += rest.length;
    if (length > maxBytes) {
      throw new MessageTooLong(`The server sends a message of more than ${maxBytes} bytes (max_output_bytes)`);
    }
  }
}

function joined(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
