import type { A2AService } from "../../../src/a2a/service.ts";
import { DEMANDS } from "./demands.ts";
import type { Face } from "./face.ts";
import { jsonRpcFace, restFace } from "./http_face.ts";
import { legacyFace } from "./legacy_face.ts";
import { grpcFace, webSocketFace } from "./other_faces.ts";

/** One test of one numbered demand. */
export interface MustTest {
  readonly number: number;
  readonly name: string;
  readonly fn: () => Promise<void>;
}

/** Opens the binding under test over a service. */
export type OpenFace = (service: A2AService) => Face;

const V1: readonly (readonly [string, OpenFace])[] = [
  ["JSON-RPC", jsonRpcFace],
  ["REST", restFace],
  ["gRPC", grpcFace],
  ["WebSocket", webSocketFace],
];
const V0_3: readonly (readonly [string, OpenFace])[] = [
  ["JSON-RPC 0.3", (service) => legacyFace("JSONRPC", service)],
  ["REST 0.3", (service) => legacyFace("HTTP+JSON", service)],
];

function titled(number: number, shows: string): string {
  const section = DEMANDS.get(number)?.section;
  if (section === undefined) throw new TypeError(`There is no demand ${number}`);
  return `MUST ${number} (A2A v1 ${section}): ${shows}`;
}

/** A demand on the protocol that does not depend on a binding, or is seen only on some. */
export function once(number: number, shows: string, fn: () => Promise<void> | void): MustTest[] {
  return [{ number, name: titled(number, shows), fn: async () => await fn() }];
}

type Shows = (open: OpenFace) => Promise<void>;

function over(faces: typeof V1, { number, shows }: { number: number; shows: string }, test: Shows): MustTest[] {
  return faces.map(([face, open]) => ({ number, name: `${titled(number, shows)} (${face})`, fn: () => test(open) }));
}

/** A demand over each binding of 1.0. */
export function must(number: number, shows: string, test: Shows): MustTest[] {
  return over(V1, { number, shows }, test);
}

/** A demand that A2A 0.3 has, too. */
export function mustInBoth(number: number, shows: string, test: Shows): MustTest[] {
  return over([...V1, ...V0_3], { number, shows }, test);
}

/** What 0.3 has otherwise. */
export function inLegacy(number: number, shows: string, test: Shows): MustTest[] {
  return over(V0_3, { number, shows }, test);
}
