import type { Endpoint } from "./endpoint.ts";
import { SourceError } from "./source_error.ts";

/** What the system says of a connection, in the words that it is told. */
const REASONS: readonly (readonly [said: RegExp, reason: string])[] = [
  [/refused/i, "connection refused"],
  [/certificate|UnknownIssuer|tls|handshake|ssl/i, "the TLS connection failed; see tls.ca, tls.cert and tls.key"],
  [/dns|resolve|lookup|not known|no such host/i, "its name is not known"],
  [/reset|broken pipe|closed|eof|incomplete/i, "the connection broke"],
  [/timed? ?out/i, "the connection timed out"],
  [/unreachable/i, "no way leads there"],
];

/** Whatever a connection threw, as a SourceError; what came as one stays. */
export function networkError(thrown: unknown, title: string, { name }: Endpoint): SourceError {
  if (thrown instanceof SourceError) return thrown;
  const said = saidBy(thrown);
  const reason = REASONS.find(([pattern]) => pattern.test(said))?.[1] ?? "the connection failed";
  return new SourceError("unreachable", `Cannot reach ${title} at ${name}: ${reason}`, { cause: thrown });
}

function saidBy(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  return `${thrown.name} ${thrown.message}${thrown.cause === undefined ? "" : ` ${saidBy(thrown.cause)}`}`;
}
