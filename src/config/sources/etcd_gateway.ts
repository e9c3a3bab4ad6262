import { z } from "zod";
import type { Secret } from "../../lib/secret.ts";
import type { HttpAnswer, HttpEndpoint } from "./http_endpoint.ts";
import type { Pace } from "./pause.ts";
import { SourceError } from "./source_error.ts";

/** A user of etcd. */
export interface EtcdUser {
  readonly username: string;
  readonly password: Secret;
}

export interface EtcdGatewayOptions {
  readonly http: HttpEndpoint;
  readonly key: string;
  /** `host:port`, for errors. */
  readonly name: string;
  readonly user: EtcdUser | undefined;
}

/** A key as it was at a revision of the whole store. */
export interface EtcdRange {
  readonly revision: bigint;
  /** Absent when there is no such key. */
  readonly value?: Uint8Array;
}

const ANSWER_MS = 5_000;
const MAX_LINE_LENGTH = 4_194_304;

/** Numbers of 64 bits are texts in ProtoJSON; zeros are left out. */
const Range = z.object({
  header: z.object({ revision: z.string().regex(/^\d+$/) }),
  kvs: z.array(z.object({ value: z.base64().default("") })).default([]),
});
const Authenticated = z.object({ token: z.string().min(1) });
const Failed = z.object({
  code: z.number().default(0),
  message: z.string().default(""),
  error: z.string().default(""),
});
const Watched = z.object({
  result: z.object({ canceled: z.boolean().default(false), events: z.array(z.unknown()).default([]) }).optional(),
});

/** google.rpc.Code */
const INVALID_ARGUMENT = 3;
const PERMISSION_DENIED = 7;
const UNAVAILABLE = 14;
const UNAUTHENTICATED = 16;

/**
 * etcd 3 over its JSON gateway (etcd documentation, "gRPC gateway"). Logs in when there is a user, and again when the
 * token has run out.
 */
export class EtcdGateway {
  readonly #options: EtcdGatewayOptions;
  #token: string | undefined;

  constructor(options: EtcdGatewayOptions) {
    this.#options = options;
  }

  /** The key now; linearizable, so never older than what any member has told. */
  async range(pace: Pace): Promise<EtcdRange> {
    const body = { key: toBase64(this.#options.key) };
    const { header, kvs: [found] } = await this.#call("/v3/kv/range", body, { schema: Range, pace });
    const revision = BigInt(header.revision);
    return found === undefined ? { revision } : { revision, value: Uint8Array.fromBase64(found.value) };
  }

  /** Returns once the key has changed since before `revision`, or when the watch was called off (as by a compaction). */
  async changed(revision: bigint, pace: Pace): Promise<void> {
    const { http, key } = this.#options;
    const create_request = { key: toBase64(key), start_revision: String(revision) };
    const { status, body } = await http.stream(
      { path: "/v3/watch", ...this.#post({ create_request }), timeoutMs: ANSWER_MS },
      pace,
    );
    // What is wrong is found out by the next range, which is sure to answer in full.
    if (status !== 200) return;
    for await (const line of lines(body)) {
      const result = Watched.safeParse(parseJson(line)).data?.result;
      if (result === undefined || result.canceled || result.events.length > 0) return;
    }
  }

  async #call<T>(
    path: string,
    body: unknown,
    { schema, pace }: { readonly schema: z.ZodType<T>; readonly pace: Pace },
  ): Promise<T> {
    const { http, user } = this.#options;
    if (user !== undefined && this.#token === undefined) this.#token = await this.#logIn(user, pace);
    const answer = await http.ask({ path, ...this.#post(body), timeoutMs: ANSWER_MS }, pace);
    if (user === undefined || !isStale(answer)) return this.#read(answer, schema);
    this.#token = await this.#logIn(user, pace);
    return this.#read(await http.ask({ path, ...this.#post(body), timeoutMs: ANSWER_MS }, pace), schema);
  }

  async #logIn({ username, password }: EtcdUser, pace: Pace): Promise<string> {
    this.#token = undefined;
    const body = { name: username, password: password.reveal() };
    const answer = await this.#options.http.ask(
      { path: "/v3/auth/authenticate", ...this.#post(body), timeoutMs: ANSWER_MS },
      pace,
    );
    return this.#read(answer, Authenticated).token;
  }

  #post(body: unknown) {
    const authorization: Readonly<Record<string, string>> = this.#token === undefined
      ? {}
      : { authorization: this.#token };
    const headers = { "content-type": "application/json", ...authorization };
    return { method: "POST", headers, body: JSON.stringify(body) } as const;
  }

  #read<T>(answer: HttpAnswer, schema: z.ZodType<T>): T {
    if (answer.status !== 200) throw this.#error(answer);
    const read = schema.safeParse(parseJson(textOf(answer)));
    if (read.success) return read.data;
    throw this.#refuse("unreadable", "found an answer that is not etcd's", read.error);
  }

  #error(answer: HttpAnswer): SourceError {
    const { user } = this.#options;
    const { code, words } = failureOf(answer);
    if (code === PERMISSION_DENIED) {
      const who = user === undefined ? "who asks without a username" : `the user "${user.username}"`;
      return this.#refuse("refused", `${who} may not read the key`);
    }
    if (/user name is empty/.test(words)) return this.#refuse("refused", "etcd wants a username and a password");
    if (code === UNAUTHENTICATED || /authentication failed|invalid auth/.test(words)) {
      return this.#refuse("refused", `etcd does not accept the username "${user?.username ?? ""}" and its password`);
    }
    if (/authentication is not enabled/.test(words)) {
      return this.#refuse("refused", "a username is given, but etcd's authentication is not enabled");
    }
    if (code === UNAVAILABLE || answer.status === 429 || answer.status >= 500) {
      return this.#refuse("unreachable", `etcd answers with status ${answer.status}`);
    }
    if (answer.status === 404) {
      return this.#refuse("unreadable", "found no /v3 there; is etcd's gRPC gateway switched off?");
    }
    return this.#refuse("unreadable", `etcd answers with status ${answer.status}`);
  }

  #refuse(failure: SourceError["failure"], reason: string, cause?: unknown): SourceError {
    const { key, name } = this.#options;
    return new SourceError(failure, `Cannot read "etcd:${key}" at ${name}: ${reason}`, { cause });
  }
}

/** Tokens end by time, by a restart and by any change of etcd's users ("revision of auth store is old"). */
function isStale(answer: HttpAnswer): boolean {
  if (answer.status === 200) return false;
  const { code, words } = failureOf(answer);
  return code === UNAUTHENTICATED || (code === INVALID_ARGUMENT && /auth store is old|user name is empty/.test(words));
}

function failureOf(answer: HttpAnswer): { readonly code: number; readonly words: string } {
  const { data } = Failed.safeParse(parseJson(textOf(answer)));
  return { code: data?.code ?? 0, words: `${data?.message} ${data?.error}` };
}

function textOf({ bytes }: HttpAnswer): string {
  return new TextDecoder().decode(bytes);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function toBase64(text: string): string {
  return new TextEncoder().encode(text).toBase64();
}

async function* lines(body: AsyncIterable<Uint8Array>): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of body) {
    rest += decoder.decode(chunk, { stream: true });
    for (let end = rest.indexOf("\n"); end !== -1; end = rest.indexOf("\n")) {
      yield rest.slice(0, end);
      rest = rest.slice(end + 1);
    }
    // The event of one large value; what it holds is read by a range.
    if (rest.length > MAX_LINE_LENGTH) return;
  }
}
