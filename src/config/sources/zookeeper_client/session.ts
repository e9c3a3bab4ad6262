import type { Timers } from "../../../lib/timers.ts";
import { frames } from "./frames.ts";
import { JuteReader, JuteWriter } from "./jute.ts";

/** ZooDefs.OpCode */
const OP = { exists: 3, getData: 4, ping: 11, auth: 100, close: -11 } as const;
/** Ids that mark what is no answer to a numbered request. */
const XID = { notification: -1, ping: -2, auth: -4 } as const;
/** KeeperException.Code */
const OK = 0;
const NO_NODE = -101;
const PASSWORD = new Uint8Array(16);

/** The two directions of a connection; both end when it is disposed of. */
export interface Link {
  readonly readable: ReadableStream<Uint8Array<ArrayBuffer>>;
  readonly writable: WritableStream<Uint8Array<ArrayBuffer>>;
  [Symbol.dispose](): void;
}

export interface SessionOptions {
  /** After how long a silence the other side is given up. */
  readonly timeoutMs: number;
  /** A server that knows less than this has to refuse the session. */
  readonly lastZxid: bigint;
  readonly timers: Timers;
}

/** The server answered a request with an error of its own; `code` is KeeperException's. */
export class KeeperError extends Error {
  override readonly name = "KeeperError";
  constructor(readonly code: number) {
    super(`ZooKeeper answers with error ${code}`);
  }
}

/** The server hung up before it opened the session. */
export class SessionRefused extends Error {
  override readonly name = "SessionRefused";
}

type Answer = PromiseWithResolvers<JuteReader>;

/**
 * One session with one server (ZooKeeper's client protocol, as far as watching one node needs it). Requests are answered
 * in their order. After any failure the session is over, and everything that waits throws its reason.
 */
export class ZooKeeperSession {
  readonly #link: Link;
  readonly #timers: Timers;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>;
  readonly #answers = new Map<number, Answer>();
  #opened = Promise.withResolvers<number>();
  #event = Promise.withResolvers<void>();
  #isOpen = false;
  #failure: unknown;
  #xid = 0;
  #lastZxid: bigint;
  #lastHeard: number;
  #stopPings = () => {};

  private constructor(link: Link, { lastZxid, timers }: SessionOptions) {
    this.#link = link;
    this.#timers = timers;
    this.#lastZxid = lastZxid;
    this.#lastHeard = timers.now();
    this.#writer = link.writable.getWriter();
    // They may fail while nobody waits.
    this.#opened.promise.catch(() => {});
    this.#event.promise.catch(() => {});
  }

  static async open(link: Link, options: SessionOptions): Promise<ZooKeeperSession> {
    const session = new ZooKeeperSession(link, options);
    const { timeoutMs, lastZxid } = options;
    void session.#send(new JuteWriter().int(0).long(lastZxid).int(timeoutMs).long(0n).buffer(PASSWORD).bool(false));
    void session.#read();
    session.#keepAlive(await session.#opened.promise);
    return session;
  }

  /** The newest transaction that any answer has told of. */
  get lastZxid(): bigint {
    return this.#lastZxid;
  }

  /** Proves an identity; a wrong one is found out when a node is refused to it. */
  async logIn(scheme: string, proof: string): Promise<void> {
    await this.#ask(XID.auth, new JuteWriter().int(XID.auth).int(OP.auth).int(0).text(scheme).text(proof));
  }

  /** What the node holds, with a watch left on it; undefined, and no watch, when there is none. */
  async getData(path: string): Promise<Uint8Array | undefined> {
    return (await this.#askNode(OP.getData, path))?.buffer();
  }

  /** Whether there is a node, with a watch left on it in both cases. */
  async exists(path: string): Promise<boolean> {
    return await this.#askNode(OP.exists, path) !== undefined;
  }

  /** Resolves once a watch has fired since the last call. */
  async changed(): Promise<void> {
    await this.#event.promise;
    this.#event = Promise.withResolvers();
    this.#event.promise.catch(() => {});
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Takes leave, as far as the peer still listens. */
  async close(): Promise<void> {
    if (this.#failure === undefined) await this.#send(new JuteWriter().int(++this.#xid).int(OP.close));
    this.#fail(new Error("The session was closed"));
  }

  async #askNode(op: number, path: string): Promise<JuteReader | undefined> {
    const xid = ++this.#xid;
    try {
      return await this.#ask(xid, new JuteWriter().int(xid).int(op).text(path).bool(true));
    } catch (thrown) {
      if (thrown instanceof KeeperError && thrown.code === NO_NODE) return undefined;
      throw thrown;
    }
  }

  #ask(xid: number, message: JuteWriter): Promise<JuteReader> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    const answer = Promise.withResolvers<JuteReader>();
    this.#answers.set(xid, answer);
    void this.#send(message);
    return answer.promise;
  }

  #send(message: JuteWriter): Promise<void> {
    return this.#writer.write(message.frame()).catch((thrown) => this.#fail(thrown));
  }

  #keepAlive(timeoutMs: number): void {
    this.#stopPings = this.#timers.every(timeoutMs / 3, () => {
      if (this.#timers.now() - this.#lastHeard > timeoutMs * 2 / 3) {
        this.#fail(new Error("timed out: nothing was heard"));
      } else void this.#send(new JuteWriter().int(XID.ping).int(OP.ping));
    });
  }

  async #read(): Promise<void> {
    try {
      for await (const frame of frames(this.#link.readable)) {
        this.#lastHeard = this.#timers.now();
        if (this.#isOpen) this.#take(new JuteReader(frame));
        else this.#takeOpening(new JuteReader(frame));
      }
      this.#fail(this.#isOpen ? new Error("closed by the server") : new SessionRefused("The server opened no session"));
    } catch (thrown) {
      this.#fail(thrown);
    }
  }

  #takeOpening(reader: JuteReader): void {
    reader.int();
    const timeoutMs = reader.int();
    if (timeoutMs <= 0) return this.#fail(new SessionRefused("The server opened no session"));
    this.#isOpen = true;
    this.#opened.resolve(timeoutMs);
  }

  #take(reader: JuteReader): void {
    const xid = reader.int();
    const zxid = reader.long();
    const code = reader.int();
    if (zxid > this.#lastZxid) this.#lastZxid = zxid;
    if (xid === XID.notification) return this.#event.resolve();
    if (xid === XID.ping) return;
    const answer = this.#answers.get(xid);
    this.#answers.delete(xid);
    if (code === OK) answer?.resolve(reader);
    else answer?.reject(new KeeperError(code));
  }

  #fail(reason: unknown): void {
    if (this.#failure !== undefined) return;
    this.#failure = reason;
    this.#stopPings();
    this.#opened.reject(reason);
    for (const answer of this.#answers.values()) answer.reject(reason);
    this.#answers.clear();
    this.#event.reject(reason);
    this.#link[Symbol.dispose]();
  }
}
