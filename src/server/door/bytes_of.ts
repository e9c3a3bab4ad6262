import type { Duplex } from "node:stream";
import type { ByteStream } from "../../lib/http2/byte_stream.ts";

/** A stream of Node as bytes. */
export function bytesOf(stream: Duplex): ByteStream {
  let failure: Error | undefined;
  let rest: Uint8Array = new Uint8Array(0);
  let wake = () => {};
  for (const event of ["readable", "end", "close"]) stream.on(event, () => wake());
  // Nobody else listens, and an error that nobody listens to ends the process.
  stream.on("error", (error) => {
    failure = error;
    wake();
  });
  return {
    async read(into) {
      while (rest.length === 0) {
        const chunk: Uint8Array | null = stream.read();
        if (chunk !== null) rest = chunk;
        else if (failure !== undefined) throw failure;
        else if (stream.readableEnded) return null;
        else if (stream.destroyed) throw new Error("The connection is closed");
        else await new Promise<void>((resolve) => wake = resolve);
      }
      const taken = rest.subarray(0, into.length);
      into.set(taken);
      rest = rest.subarray(taken.length);
      return taken.length;
    },
    async write(bytes) {
      if (failure !== undefined) throw failure;
      await told((done) => stream.write(bytes, done));
      return bytes.length;
    },
    closeWrite: () => told((done) => stream.end(done)),
    close: () => void stream.destroy(),
  };
}

function told(act: (done: (error?: Error | null) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => act((error) => error ? reject(error) : resolve()));
}
