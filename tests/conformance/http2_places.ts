import type { GrpcFace } from "../../src/server/grpc_server.ts";
import { createTls } from "../../src/server/door/tls.ts";
import { FIRST } from "../server/door/certificates.ts";
import { openTestPorts, testGrpc } from "../server/open_test_ports.ts";
import { freePort } from "../lib/free_port.ts";

/** Where our HTTP/2 is asked: each is a server of its own, as `hector serve` opens it. */
export interface Http2Place {
  readonly name: string;
  readonly port: number;
  /** With HTTP/1. */
  readonly isShared: boolean;
  readonly isEncrypted: boolean;
}

const STOPPED = AbortSignal.abort();

/** Runs `act` for a port of HTTP/2 alone and for one that is shared with HTTP/1, each in the clear and over TLS. */
export async function atEachPlace(face: GrpcFace, act: (place: Http2Place) => Promise<void>): Promise<void> {
  for (const isEncrypted of [false, true]) {
    for (const isShared of [false, true]) {
      const shared = freePort();
      const ports = openTestPorts({
        ...(isShared ? { port: shared, grpcPort: shared } : {}),
        ...(isEncrypted ? { tls: createTls({ certificate: FIRST, minVersion: "TLSv1.2" }) } : {}),
        grpc: testGrpc(() => Promise.resolve(face)),
      });
      const name = `${isShared ? "shared port" : "own port"}${isEncrypted ? " over TLS" : ""}`;
      await act({ name, port: ports.grpc ?? NaN, isShared, isEncrypted });
      await ports.stop(STOPPED);
    }
  }
}
