import type { ByteStream } from "../../../src/lib/http2/byte_stream.ts";

export interface TestBytes extends ByteStream {
  /** Whether somebody has closed this end. */
  isClosed(): boolean;
}

interface Pipe {
  push(bytes: Uint8Array): void;
  end(): void;
  pull(into: Uint8Array): Promise<number | null>;
}

function pipe(): Pipe {
  let queue: Uint8Array[] = [];
  let ended = false;
  let wake = () => {};
  return {
    push: (bytes) => {
      queue.push(bytes.slice());
      wake();
    },
    end: () => {
      ended = true;
      wake();
    },
    async pull(into) {
      while (queue.length === 0) {
        if (ended) return null;
        await new Promise<void>((resolve) => wake = resolve);
      }
      const [first = new Uint8Array(0), ...rest] = queue;
      const count = Math.min(into.length, first.length);
      into.set(first.subarray(0, count));
      queue = count === first.length ? rest : [first.subarray(count), ...rest];
      return count;
    },
  };
}

function endOf(incoming: Pipe, outgoing: Pipe, held: Promise<void> | undefined): TestBytes {
  let closed = false;
  return {
    read: (into) => incoming.pull(into),
    write: async (bytes) => {
      await held;
      if (closed) throw new Error("The connection is closed");
      outgoing.push(bytes);
      return bytes.length;
    },
    closeWrite: () => {
      outgoing.end();
      return Promise.resolve();
    },
    close: () => {
      closed = true;
      outgoing.end();
      incoming.end();
    },
    isClosed: () => closed,
  };
}

/** Two ends of one connection in memory. What the first writes goes nowhere before `held` resolves. */
export function duplex({ held }: { readonly held?: Promise<void> } = {}): [TestBytes, TestBytes] {
  const [there, back] = [pipe(), pipe()];
  return [endOf(back, there, held), endOf(there, back, undefined)];
}
