import { isRecord } from "../../lib/json.ts";
import { httpStatus } from "../error_wire.ts";
import type { A2AError } from "../errors.ts";
import type { Operation, Reply } from "../operations.ts";
import { present } from "../present.ts";
import { a2aV03JsonRpc } from "./a2a_v0_3.ts";
import { a2aV03Rest } from "./a2a_v0_3_rest.ts";
import type { Binding, DialectName, LegacyOptions, Reading, StreamDialect, StreamWriter } from "./dialect.ts";
import { member } from "./field.ts";
import { readLegacyRequest } from "./legacy_requests.ts";

/** What is its own in one of hector's own documents. */
export interface HectorSpelling {
  readonly name: DialectName;
  readonly inEnvelope: boolean;
  /** `legacy` is what A2A 0.3 answers over the same binding: what a document does not show, it may. */
  write(reply: Reply, legacy: Readonly<Record<string, unknown>>): unknown;
  openStream(binding: Binding): StreamWriter;
  writeError(error: A2AError): unknown;
  /** Over JSON-RPC, where it is not as A2A 0.3 has it. */
  writeRpcError?(error: A2AError): unknown;
}

/** A dialect of one of hector's own documents: it reads all their spellings, and where it is silent A2A 0.3 speaks. */
export function hectorDialect(spelling: HectorSpelling, binding: Binding, options: LegacyOptions): StreamDialect {
  const isRest = binding === "rest";
  const protocol = isRest ? a2aV03Rest(options) : a2aV03JsonRpc(options);
  return {
    name: spelling.name,
    binding,
    mediaType: "application/json",
    inEnvelope: spelling.inEnvelope,
    read: (operation, raw) => read(operation, raw, { binding, ...options }),
    write: (reply) => {
      const legacy = protocol.write(reply);
      return isRecord(legacy) ? spelling.write(reply, legacy) : legacy;
    },
    openStream: () => spelling.openStream(binding),
    writeError: isRest ? spelling.writeError : spelling.writeRpcError ?? protocol.writeError,
    errorStatus: isRest ? ({ reason }) => httpStatus(reason, "1.0.1") : protocol.errorStatus,
  };
}

function read(operation: Operation, raw: unknown, options: LegacyOptions & { readonly binding: Binding }): Reading {
  const reading = readLegacyRequest(operation, raw, options);
  if (operation !== "SubscribeToTask") return reading;
  const lastEventId = member({ path: "", value: raw ?? {} }, "lastEventId")?.value;
  const isId = typeof lastEventId === "string" || typeof lastEventId === "number";
  return isId ? { ...reading, lastEventId: String(lastEventId) } : reading;
}

/** Facts about an error, as the REST dialects tell them; `agent` is what they call the member that names one. */
export function errorDetails({ metadata, violations, retryAfterSeconds }: A2AError, agent: string) {
  const { agent: name, ...facts } = metadata;
  const details = present({
    [agent]: name,
    ...facts,
    fields: violations.length === 0 ? undefined : violations,
    retry_after_seconds: retryAfterSeconds,
  });
  return Object.keys(details).length === 0 ? undefined : details;
}
