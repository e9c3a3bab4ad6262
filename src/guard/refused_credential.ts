import { A2AError } from "../a2a/errors.ts";

/** What the challenge tells of a refused credential (RFC 6750 §3.1); absent where none was shown. */
export type ChallengeError = "invalid_request" | "invalid_token";

/** What is protected, as RFC 9110 §11.5 has it. */
const REALM = "hector";

/** A request that does not say, or does not prove, whose it is. The message is for the peer: it never holds a credential. */
export class RefusedCredential extends A2AError {
  /** The field WWW-Authenticate (RFC 9110 §11.6.1). */
  readonly challenge: string;

  constructor(message: string, error?: ChallengeError, options: ErrorOptions = {}) {
    super("UNAUTHENTICATED", message, options);
    this.challenge = challenge(error === undefined ? undefined : { error, message });
  }
}

/** A challenge for a bearer token; every kind of credential may come as one. */
export function challenge(refused?: { readonly error: ChallengeError; readonly message: string }): string {
  const told = refused === undefined
    ? ""
    : `, error="${refused.error}", error_description="${quotable(refused.message)}"`;
  return `Bearer realm="${REALM}"${told}`;
}

/** RFC 6750 §3: printable ASCII without quotes and backslashes. */
function quotable(text: string): string {
  return text.replaceAll('"', "'").replace(/[^\x20-\x21\x23-\x5b\x5d-\x7e]/g, "?");
}
