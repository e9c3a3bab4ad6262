import { networkReason } from "../../lib/network_reason.ts";
import type { Endpoint } from "./endpoint.ts";
import { SourceError } from "./source_error.ts";

/** What TLS goes by is said in the environment. */
const TLS_HINT = "see HECTOR_CONFIG_CA, HECTOR_CONFIG_CERT and HECTOR_CONFIG_KEY";

/** Whatever a connection threw, as a SourceError; what came as one stays. */
export function networkError(thrown: unknown, title: string, { name }: Endpoint): SourceError {
  if (thrown instanceof SourceError) return thrown;
  const reason = networkReason(thrown) ?? "the connection failed";
  const hint = /TLS|certificate/.test(reason) ? `; ${TLS_HINT}` : "";
  return new SourceError("unreachable", `Cannot reach ${title} at ${name}: ${reason}${hint}`, { cause: thrown });
}
