/** RFC 9113 §7. */
export const ERROR_CODES = {
  NO_ERROR: 0,
  PROTOCOL_ERROR: 1,
  INTERNAL_ERROR: 2,
  FLOW_CONTROL_ERROR: 3,
  SETTINGS_TIMEOUT: 4,
  STREAM_CLOSED: 5,
  FRAME_SIZE_ERROR: 6,
  REFUSED_STREAM: 7,
  CANCEL: 8,
  COMPRESSION_ERROR: 9,
  CONNECT_ERROR: 10,
  ENHANCE_YOUR_CALM: 11,
  INADEQUATE_SECURITY: 12,
  HTTP_1_1_REQUIRED: 13,
} as const;
export type ErrorCode = keyof typeof ERROR_CODES;

const NAMES: ReadonlyMap<number, ErrorCode> = new Map(
  Object.keys(ERROR_CODES).filter(isErrorCode).map((name) => [ERROR_CODES[name], name]),
);

function isErrorCode(name: string): name is ErrorCode {
  return Object.hasOwn(ERROR_CODES, name);
}

/** RFC 9113 §7: a code that nobody knows is treated as INTERNAL_ERROR. */
export function errorCodeOf(number: number): ErrorCode {
  return NAMES.get(number) ?? "INTERNAL_ERROR";
}

/** Ends the connection with GOAWAY (RFC 9113 §5.4.1). */
export class ConnectionError extends Error {
  override readonly name = "ConnectionError";
  constructor(readonly code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
  }
}

/** Ends one stream with RST_STREAM (RFC 9113 §5.4.2); also why a stream that was cut ended. */
export class StreamError extends Error {
  override readonly name = "StreamError";
  constructor(readonly code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
  }
}
