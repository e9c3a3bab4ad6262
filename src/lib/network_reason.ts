/** What Deno, the system and the TLS library say of a connection, and what that means. The first that fits. */
const REASONS: readonly (readonly [said: RegExp, reason: string])[] = [
  [/connection ?refused|ECONNREFUSED/i, "connection refused"],
  // An alert is what the other side says of ours (RFC 8446 §6.2).
  [/alert:? \w*certificate/i, "it does not take the client's certificate, or wants one"],
  [/certificate|UnknownIssuer/i, "its certificate is not trusted"],
  [/redirect/i, "it redirects, which is not followed"],
  [/InvalidContentType/, "what is there speaks no TLS"],
  [/dns|resolve|lookup|ENOTFOUND|not known|no such host/i, "its name is not known"],
  [/tls|ssl|handshake/i, "the TLS connection failed"],
  [/reset|closed|broken pipe|reading a body|unexpected end|\beof\b|incomplete/i, "the connection broke off"],
  [/timed? ?out/i, "the connection timed out"],
  [/(network|host)( is)? ?unreachable|no route to host/i, "no way leads there"],
];

/** Where a request went is no part of why it failed: `https://dns.example` has a name. */
const URLS = /\w+:\/\/[^\s)]+/g;

/** Why a connection failed, for people: what was thrown and what caused it, or undefined if that is none of the usual. */
export function networkReason(thrown: unknown): string | undefined {
  const said = saidBy(thrown).replaceAll(URLS, "");
  return REASONS.find(([pattern]) => pattern.test(said))?.[1];
}

const MAX_CAUSES = 8;

function saidBy(thrown: unknown, depth = 0): string {
  if (!(thrown instanceof Error) || depth === MAX_CAUSES) return String(thrown);
  const { name, message, cause } = thrown;
  return `${name} ${message}${cause === undefined ? "" : ` ${saidBy(cause, depth + 1)}`}`;
}
