import type { HeaderField } from "../http2/static_table.ts";
import type { Metadata } from "./grpc_metadata.ts";

/** https://grpc.github.io/grpc/core/md_doc_statuscodes.html */
export const GRPC_STATUS = {
  OK: 0,
  CANCELLED: 1,
  UNKNOWN: 2,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  ALREADY_EXISTS: 6,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  ABORTED: 10,
  OUT_OF_RANGE: 11,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  DATA_LOSS: 15,
  UNAUTHENTICATED: 16,
} as const;
export type GrpcStatus = keyof typeof GRPC_STATUS;

/** How a call fails. Everything in it is for the peer. */
export class GrpcError extends Error {
  override readonly name = "GrpcError";
  readonly trailers: readonly HeaderField[];

  constructor(
    readonly status: GrpcStatus,
    message: string,
    options: ErrorOptions & { readonly trailers?: readonly HeaderField[] } = {},
  ) {
    super(message, options);
    this.trailers = options.trailers ?? [];
  }
}

/** Peers give up on trailers that are too large, and then know nothing. */
const MAX_MESSAGE_LENGTH = 1024;

/** The trailers that say how a call ended. */
export function statusTrailers(status: GrpcStatus, message = ""): HeaderField[] {
  const code: HeaderField = ["grpc-status", String(GRPC_STATUS[status])];
  return message === "" ? [code] : [code, ["grpc-message", percentEncode(message.slice(0, MAX_MESSAGE_LENGTH))]];
}

/** gRPC over HTTP/2, "Status-Message": UTF-8, with all but printable ASCII and % escaped. */
function percentEncode(text: string): string {
  let encoded = "";
  for (const byte of new TextEncoder().encode(text.toWellFormed())) {
    encoded += byte >= 0x20 && byte <= 0x7e && byte !== 0x25
      ? String.fromCharCode(byte)
      : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }
  return encoded;
}

const NAMES: ReadonlyMap<number, GrpcStatus> = new Map(
  Object.keys(GRPC_STATUS).filter(isGrpcStatus).map((name) => [GRPC_STATUS[name], name]),
);

function isGrpcStatus(name: string): name is GrpcStatus {
  return Object.hasOwn(GRPC_STATUS, name);
}

/** How a call ended, as its trailers say. A status that is missing or that nobody knows is UNKNOWN. */
export function readStatus(trailers: Metadata): { readonly status: GrpcStatus; readonly message: string } {
  const code = trailers.get("grpc-status") ?? "";
  const status = /^\d{1,3}$/.test(code) ? NAMES.get(Number(code)) : undefined;
  const message = percentDecode(trailers.get("grpc-message") ?? "");
  if (status !== undefined) return { status, message };
  return { status: "UNKNOWN", message: message === "" ? "The answer ended without a status" : message };
}

/** What an answer of HTTP alone means (https://github.com/grpc/grpc/blob/master/doc/http-grpc-status-mapping.md). */
export function statusOfHttp(status: number): GrpcStatus {
  return STATUS_OF_HTTP.get(status) ?? "UNKNOWN";
}

const STATUS_OF_HTTP: ReadonlyMap<number, GrpcStatus> = new Map<number, GrpcStatus>([
  [400, "INTERNAL"],
  [401, "UNAUTHENTICATED"],
  [403, "PERMISSION_DENIED"],
  [404, "UNIMPLEMENTED"],
  [429, "UNAVAILABLE"],
  [502, "UNAVAILABLE"],
  [503, "UNAVAILABLE"],
  [504, "UNAVAILABLE"],
]);

/** The reverse of percentEncode; what is no escape stands for itself. */
function percentDecode(text: string): string {
  const bytes: number[] = [];
  for (let at = 0; at < text.length; at++) {
    const escape = text[at] === "%" ? /^[0-9A-Fa-f]{2}/.exec(text.slice(at + 1, at + 3)) : null;
    bytes.push(escape === null ? text.charCodeAt(at) & 0xff : parseInt(escape[0], 16));
    if (escape !== null) at += 2;
  }
  return new TextDecoder().decode(Uint8Array.from(bytes));
}
