import { A2AError } from "../../../src/a2a/errors.ts";
import { OPERATIONS } from "../../../src/a2a/operations.ts";
import { type A2AService, ANONYMOUS, type Call } from "../../../src/a2a/service.ts";
import { type Heard, type Operation, type Peer, type Place, Refused, type Request, type Version } from "./peer.ts";

function refused(thrown: unknown): never {
  if (thrown instanceof A2AError) throw new Refused(thrown.reason, thrown.message);
  throw thrown;
}

/** The service itself: what every binding has to give, too. */
export function inProcessPeer(service: () => A2AService, version: Version): Peer {
  const callOf = (signal: AbortSignal, place?: Place): Call => ({
    signal,
    caller: ANONYMOUS,
    extensions: [],
    ...(version === "0.3" ? { protocolVersion: "0.3" } : {}),
    ...(place === undefined ? {} : { afterSeq: place.afterSeq }),
  });
  const rowOf = (operation: Operation) => {
    const row = OPERATIONS.get(operation);
    if (row === undefined) throw new TypeError(operation);
    return row;
  };
  return {
    binding: "in process",
    version,
    async ask(operation, request: Request) {
      const row = rowOf(operation);
      if (row.streaming) throw new TypeError(operation);
      try {
        return (await row.invoke(service(), request, callOf(new AbortController().signal))).response;
      } catch (thrown) {
        refused(thrown);
      }
    },
    async *listen(operation, request, place): AsyncGenerator<Heard, void, undefined> {
      const row = rowOf(operation);
      if (!row.streaming) throw new TypeError(operation);
      const leave = new AbortController();
      try {
        for await (const heard of row.invoke(service(), request, callOf(leave.signal, place))) {
          yield heard;
        }
      } catch (thrown) {
        refused(thrown);
      } finally {
        leave.abort();
      }
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
