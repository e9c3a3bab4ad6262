import type { HeaderField } from "../http2/static_table.ts";

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
