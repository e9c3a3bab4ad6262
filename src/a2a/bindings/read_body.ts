import { JsonDepthError, JsonNumberError, parseJson } from "../../lib/json.ts";
import type { Timers } from "../../lib/timers.ts";
import { A2AError } from "../errors.ts";
import type { BodyLimits } from "./binding.ts";

const JSON_TYPE = /^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i;
const CHARSET = /;\s*charset\s*=\s*"?([^";\s]*)/i;

/**
 * A request's body as JSON of bounded size and depth; undefined if there is none.
 * Throws A2AError UNSUPPORTED_MEDIA_TYPE, PAYLOAD_TOO_LARGE, REQUEST_TIMEOUT, PARSE_ERROR, INVALID_REQUEST.
 */
export async function readJson(request: Request, limits: BodyLimits, timers: Timers): Promise<unknown> {
  if (request.body === null) return undefined;
  const type = request.headers.get("content-type");
  // Without this check a page of a foreign site could send JSON as a "simple" request that no preflight guards.
  if (type !== null) checkMediaType(request, type);
  const text = await readBody(request, limits, timers);
  if (text.trim() === "") return undefined;
  // A request without a body need not say so: curl -X POST names neither a type nor a length (RFC 9112 §6.3).
  if (type === null) checkMediaType(request, "");
  return readText(text);
}

/** What a peer sent as JSON of bounded depth. Throws A2AError PARSE_ERROR, INVALID_REQUEST. */
export function readText(text: string): unknown {
  try {
    return parseJson(text);
  } catch (cause) {
    if (cause instanceof JsonDepthError || cause instanceof JsonNumberError) {
      throw new A2AError("INVALID_REQUEST", cause.message, { cause });
    }
    throw new A2AError("PARSE_ERROR", "Invalid JSON payload", { cause });
  }
}

function checkMediaType({ headers }: Request, type: string): void {
  const charset = CHARSET.exec(type)?.[1]?.toLowerCase() ?? "utf-8";
  if (!JSON_TYPE.test(type) || (charset !== "utf-8" && charset !== "utf8")) {
    throw new A2AError(
      "UNSUPPORTED_MEDIA_TYPE",
      `Cannot read a body of type ${JSON.stringify(type)}: send application/json`,
    );
  }
  const encoding = headers.get("content-encoding") ?? "identity";
  if (encoding.toLowerCase() !== "identity") {
    throw new A2AError("UNSUPPORTED_MEDIA_TYPE", `Cannot read content encoding ${JSON.stringify(encoding)}: send none`);
  }
}

/**
 * A request's body as text, read within its limits: refused unread if its length is declared and too large, and given up
 * when it takes too long. A byte order mark is taken away. Throws A2AError.
 */
export async function readBody(
  { body, headers }: Pick<Request, "body" | "headers">,
  { maxBytes, timeoutMs, budget }: BodyLimits,
  timers: Timers,
): Promise<string> {
  if (Number(headers.get("content-length") ?? "0") > maxBytes) throw tooLarge(maxBytes);
  if (body === null) return "";
  const reader = body.getReader();
  let failure: A2AError | undefined;
  let taken = 0;
  const giveUp = (error: A2AError) => {
    failure = error;
    // Ends the `read` that is under way, too.
    reader.cancel(error).catch(() => {});
  };
  const stopTimer = timers.after(
    timeoutMs,
    () => giveUp(new A2AError("REQUEST_TIMEOUT", `The body took longer than ${timeoutMs} ms`)),
  );
  try {
    const decoder = new TextDecoder("utf-8", { fatal: true });
    let text = "";
    let bytes = 0;
    for (let next = await reader.read(); next.done !== true; next = await reader.read()) {
      const { byteLength } = next.value;
      bytes += byteLength;
      if (bytes > maxBytes) giveUp(tooLarge(maxBytes));
      else if (budget?.take(byteLength) === false) giveUp(tooBusy());
      else {
        taken += byteLength;
        text += decoder.decode(next.value, { stream: true });
      }
    }
    if (failure !== undefined) throw failure;
    return text + decoder.decode();
  } catch (thrown) {
    // A body that nobody reads to its end or lets go of would keep its connection from ending.
    reader.cancel(thrown).catch(() => {});
    throw thrown instanceof A2AError ? thrown : unreadable(thrown);
  } finally {
    stopTimer();
    budget?.giveBack(taken);
  }
}

function tooBusy(): A2AError {
  return new A2AError("UNAVAILABLE", "Too many requests are arriving at once");
}

function tooLarge(maxBytes: number): A2AError {
  return new A2AError("PAYLOAD_TOO_LARGE", `The body is larger than ${maxBytes} bytes`, {
    metadata: { maxBytes: String(maxBytes) },
  });
}

/** The decoder throws TypeError for what is not UTF-8; anything else is a connection that broke. */
function unreadable(cause: unknown): A2AError {
  if (cause instanceof TypeError) return new A2AError("PARSE_ERROR", "The body is not UTF-8", { cause });
  return new A2AError("INVALID_REQUEST", "The body was cut off", { cause });
}
