import { z } from "zod";
import { isRecord } from "../lib/json.ts";
import { networkReason } from "../lib/network_reason.ts";
import type { Connection } from "./connection.ts";
import { ModelError, type ModelErrorKind } from "./model.ts";

/** What can be read off an SDK's error, off `fetch`'s and off an error event, without knowing their classes. */
const Thrown = z.object({
  name: z.string().catch("Error"),
  message: z.string().catch(""),
  status: z.number().optional().catch(undefined),
  headers: z.instanceof(Headers).optional().catch(undefined),
  error: z.unknown().optional(),
});

const Word = z.union([z.string(), z.number()]).nullish().catch(undefined);
const Body = z.object({ message: z.string().nullish().catch(undefined), type: Word, code: Word, status: Word });

/** A failure in the provider's words. */
interface Fault {
  readonly status: number | undefined;
  readonly headers: Headers | undefined;
  /** The provider's codes, in lower case. */
  readonly codes: ReadonlySet<string>;
  /** The provider's sentence. */
  readonly said: string;
  /** The error and its causes, as text. */
  readonly trace: string;
}

interface Row {
  readonly kind: ModelErrorKind;
  readonly status?: readonly number[];
  readonly codes?: readonly string[];
  readonly said?: RegExp;
}

/** First match wins: what a provider says is more precise than its status, and two of them say "400" for a wrong key or model. */
const KINDS: readonly Row[] = [
  { kind: "quota", status: [402], codes: ["insufficient_quota", "billing_error", "billing_hard_limit_reached"] },
  {
    kind: "authentication",
    status: [401],
    codes: ["authentication_error", "invalid_api_key"],
    said: /api key (not valid|not found|expired|missing)|invalid api key/i,
  },
  { kind: "permission", status: [403], codes: ["permission_error", "permission_denied"] },
  { kind: "rate_limited", status: [429], codes: ["rate_limit_error", "rate_limit_exceeded", "resource_exhausted"] },
  {
    kind: "too_long",
    status: [413],
    codes: ["context_length_exceeded", "request_too_large"],
    said:
      /context (length|window|size)|maximum context|(prompt|input) is too long|token count .*exceeds|too many (input )?tokens/i,
  },
  {
    kind: "unknown_model",
    codes: ["model_not_found", "not_found_error"],
    said: /models?\b.*\b(not found|does not exist)/i,
  },
  {
    kind: "overloaded",
    status: [529],
    codes: ["overloaded_error", "overloaded", "engine_overloaded"],
    said: /overloaded/i,
  },
  { kind: "invalid_request", status: [400, 404, 405, 422], codes: ["invalid_request_error", "invalid_argument"] },
  { kind: "unavailable", codes: ["api_error", "server_error", "internal_error", "timeout_error", "unavailable"] },
];

/** Any failure of a call as one ModelError: its kind, and a sentence that says what to do and holds no key. */
export function providerError(thrown: unknown, to: Connection): ModelError {
  if (thrown instanceof ModelError) return thrown;
  const fault = readFault(thrown);
  const kind = kindOf(fault, thrown);
  return new ModelError(kind, redact(sentence(kind, fault, to), to), {
    cause: cleanCause(thrown, fault, to),
    ...(fault.status === undefined ? {} : { status: fault.status }),
    ...retryAfter(fault.headers),
  });
}

function readFault(thrown: unknown): Fault {
  const { status, headers, error, message } = Thrown.parse(isRecord(thrown) ? thrown : { message: String(thrown) });
  const body = Body.safeParse(innermost(error));
  const { type, code, status: word } = body.success ? body.data : {};
  const codes = [type, code, word].flatMap((value) => typeof value === "string" ? value.toLowerCase() : []);
  return {
    status,
    headers,
    codes: new Set(codes),
    said: (body.success ? body.data.message : undefined) ?? message,
    trace: traceOf(thrown),
  };
}

/** OpenAI's SDK gives the inside of `{error: …}`, Anthropic's the outside, and Google puts it into an array. */
function innermost(error: unknown): unknown {
  const one = Array.isArray(error) ? error[0] : error;
  return isRecord(one) && isRecord(one.error) ? one.error : one;
}

function traceOf(thrown: unknown, depth = 0): string {
  if (!(thrown instanceof Error) || depth > 5) return String(thrown);
  return `${thrown.name}: ${thrown.message}; ${thrown.cause === undefined ? "" : traceOf(thrown.cause, depth + 1)}`;
}

function kindOf({ status, codes, said, trace }: Fault, thrown: unknown): ModelErrorKind {
  const told = KINDS.find((row) => row.codes?.some((code) => codes.has(code)) || row.said?.test(said));
  // A vague code must not hide a telling status (a 401 of type invalid_request_error).
  const shown = KINDS.find((row) => status !== undefined && row.status?.includes(status));
  const rows = [told, shown].filter((row) => row !== undefined);
  const row = KINDS.find((candidate) => rows.includes(candidate));
  if (row !== undefined) return row.kind;
  if (status !== undefined && status < 500 && ![408, 409, 425].includes(status)) return "invalid_request";
  if (thrown instanceof SyntaxError || thrown instanceof z.ZodError) return "protocol";
  if (status !== undefined) return "unavailable";
  if (/timed? ?out/i.test(trace)) return "timeout";
  return networkReason(trace) !== undefined || NO_CONNECTION.test(trace) ? "unavailable" : "protocol";
}

function sentence(kind: ModelErrorKind, { status, said, trace, headers }: Fault, to: Connection): string {
  const about = `model "${to.model}" of ${to.title}`;
  const quoted = said === "" ? "no reason given" : clip(said);
  const { retryAfterMs } = retryAfter(headers);
  const later = retryAfterMs === undefined ? "later" : `in ${Math.ceil(retryAfterMs / 1_000)} s`;
  switch (kind) {
    case "authentication":
      return `Cannot use ${about}: it refused the key; check ${to.keySource}`;
    case "permission":
      return `Cannot use ${about}: the key may not do this (${quoted}); check what ${to.keySource} is allowed`;
    case "quota":
      return `Cannot use ${about}: the account's quota is used up; check its plan and billing`;
    case "unknown_model":
      return `Cannot use ${about}: it knows no such model, or the key may not use it; check the option model`;
    case "too_long":
      return `Cannot ask ${about}: the conversation is longer than the model takes (${quoted})`;
    case "rate_limited":
      return `Cannot ask ${about}: too many requests; try again ${later}`;
    case "overloaded":
      return `Cannot ask ${about}: it is overloaded; try again ${later}`;
    case "timeout":
      return `Cannot reach ${to.title} at ${hostOf(to)}: the connection timed out`;
    case "protocol":
      return `Cannot read the answer of ${about}: ${to.title} at ${
        hostOf(to)
      } sent what is not its protocol; check base_url`;
    case "unavailable":
      return status === undefined
        ? unreachable(trace, to)
        : `Cannot ask ${about}: it failed (HTTP ${status}); try again ${later}`;
    case "invalid_request":
      return status === 404 || status === 405
        ? `Cannot ask ${about}: ${hostOf(to)} has no such address (HTTP ${status}); check base_url`
        : `Cannot ask ${about}: it refused the request (${quoted})`;
    default:
      return kind satisfies never;
  }
}

/** What SDKs say of a connection of which they do not tell more. */
const NO_CONNECTION = /APIConnectionError|Connection error|sending request|fetch failed/i;

function unreachable(trace: string, to: Connection): string {
  const reason = networkReason(trace) ?? "the connection failed";
  return `Cannot reach ${to.title} at ${hostOf(to)}: ${reason}`;
}

function hostOf({ baseUrl }: Connection): string {
  const { hostname, port, protocol } = new URL(baseUrl);
  return `${hostname}:${port || (protocol === "http:" ? "80" : "443")}`;
}

const MAX_QUOTE_CHARS = 300;

function clip(text: string): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return line.length <= MAX_QUOTE_CHARS ? line : `${line.slice(0, MAX_QUOTE_CHARS)}…`;
}

/** Providers are known to quote the key that they refuse. */
function redact(text: string, { key }: Connection): string {
  return key === undefined ? text : text.replaceAll(key.reveal(), "[secret]");
}

/** For the log: what was thrown, without the SDK's objects (headers, requests) and without the key. */
function cleanCause(thrown: unknown, { trace }: Fault, to: Connection): Error {
  const cause = new Error(redact(trace, to));
  if (thrown instanceof Error && thrown.stack !== undefined) cause.stack = redact(thrown.stack, to);
  return cause;
}

/** RFC 9110 §10.2.3: seconds or a date; the date is measured against the server's own clock. */
function retryAfter(headers: Headers | undefined): { retryAfterMs?: number } {
  const millis = number(headers?.get("retry-after-ms"));
  if (millis !== undefined) return { retryAfterMs: millis };
  const text = headers?.get("retry-after");
  const seconds = number(text);
  if (seconds !== undefined) return { retryAfterMs: seconds * 1_000 };
  const wait = Date.parse(text ?? "") - Date.parse(headers?.get("date") ?? "");
  return wait > 0 ? { retryAfterMs: wait } : {};
}

function number(text: string | null | undefined): number | undefined {
  return text && /^\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : undefined;
}
