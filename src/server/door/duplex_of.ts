import { Duplex } from "node:stream";
import type { ByteStream } from "../../lib/http2/byte_stream.ts";

/** A record of TLS fits in. */
const READ_BYTES = 16_640;

/** Bytes as a stream of Node. Its end closes `bytes`. */
export function duplexOf(bytes: ByteStream): Duplex {
  return new Duplex({
    allowHalfOpen: true,
    read() {
      const buffer = new Uint8Array(READ_BYTES);
      bytes.read(buffer).then(
        (count) => void this.push(count === null ? null : buffer.subarray(0, count)),
        (error) => void this.destroy(error),
      );
    },
    write(chunk: Uint8Array, _encoding, done) {
      writeAll(bytes, chunk).then(() => done(), done);
    },
    final(done) {
      bytes.closeWrite().then(() => done(), done);
    },
    destroy(error, done) {
      bytes.close();
      done(error);
    },
  });
}

async function writeAll(bytes: ByteStream, chunk: Uint8Array): Promise<void> {
  for (let at = 0; at < chunk.length;) at += await bytes.write(chunk.subarray(at));
}
