/** Bytes both ways: a TCP or TLS connection, or two ends in memory. */
export interface ByteStream {
  /** Reads at least one byte into `into` and tells how many; null at the end. */
  read(into: Uint8Array): Promise<number | null>;
  /** Writes at least one byte and tells how many. */
  write(bytes: Uint8Array): Promise<number>;
  /** Ends what we say; the peer may go on. */
  closeWrite(): Promise<void>;
  /** Ends both ways at once. */
  close(): void;
}
