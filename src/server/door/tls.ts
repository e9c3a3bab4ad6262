import { createServer } from "node:tls";
import type { ByteStream } from "../../lib/http2/byte_stream.ts";
import { bytesOf } from "./bytes_of.ts";
import { duplexOf } from "./duplex_of.ts";

/** A certificate, those that lead from it to its authority behind it, and its private key; both PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** What a server of TLS shows and asks for. */
export interface TlsTerms {
  readonly certificate: Certificate;
  /** PEM of the authorities one of which has to have signed the peer's certificate. Absent: peers need none. */
  readonly clientAuthorities?: string | undefined;
  readonly minVersion: "TLSv1.2" | "TLSv1.3";
}

/** What stands behind the encryption. */
export interface Decrypted {
  readonly bytes: ByteStream;
  /** What both sides agreed to speak; undefined where the peer offered nothing (RFC 7301). */
  readonly protocol: string | undefined;
}

/** TLS over any bytes. */
export interface Tls {
  /** Shakes hands as the server. `protocols` is ALPN, the preferred one first. Throws if it fails. Closes `raw` in the end. */
  terminate(raw: ByteStream, protocols: readonly string[]): Promise<Decrypted>;
  /** Connections from now on are held to these terms; those that are open go on. */
  renew(terms: TlsTerms): void;
}

/**
 * `Deno.listenTls` would keep its certificate for as long as its port is open, asks no peer for one, and leaves Nagle's
 * algorithm on, which costs a peer 40 ms an answer. A server of node:tls takes what it is given.
 */
export function createTls(terms: TlsTerms): Tls {
  let current = terms;
  return {
    terminate: (raw, protocols) => shakeHands(raw, protocols, current),
    renew: (next) => {
      current = next;
    },
  };
}

function shakeHands(
  raw: ByteStream,
  protocols: readonly string[],
  { certificate: { cert, key }, clientAuthorities, minVersion }: TlsTerms,
): Promise<Decrypted> {
  const asking = clientAuthorities === undefined ? {} : { requestCert: true, ca: clientAuthorities };
  const options = { cert, key, minVersion, ALPNProtocols: [...protocols], allowHalfOpen: true, ...asking };
  return new Promise((resolve, reject) => {
    const stream = duplexOf(raw);
    stream.once("close", () => reject(new Error("The connection ended within its TLS handshake")));
    // One for each connection: it listens on nothing, and tells of nobody else.
    const server = createServer(options, (socket) => {
      resolve({ bytes: bytesOf(socket), protocol: socket.alpnProtocol || undefined });
    });
    server.on("tlsClientError", (error, socket) => {
      socket.destroy();
      reject(error);
    });
    server.emit("connection", stream);
  });
}
