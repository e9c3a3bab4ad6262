import assert from "node:assert/strict";
import { buildCard, type CardParts } from "../../../src/a2a/card/build_card.ts";
import { AgentCard } from "../../../src/a2a/card/card_types.ts";
import { toV03Card } from "../../../src/a2a/card/card_v0_3.ts";

const PARTS: CardParts = {
  id: "lab",
  name: "Lab",
  description: "",
  version: "1.0.0",
  skills: [],
  baseUrl: "http://agents.example",
};

function grpcInterfaces(grpc: CardParts["grpc"]) {
  const card = AgentCard.parse(buildCard({ ...PARTS, ...(grpc === undefined ? {} : { grpc }) }));
  return card.supportedInterfaces.filter(({ protocolBinding }) => protocolBinding === "GRPC");
}

const V1 = { url: "agents.example:50051", protocolBinding: "GRPC", protocolVersion: "1.0", tenant: "lab" };
const V03 = { url: "http://agents.example:50051", protocolBinding: "GRPC", protocolVersion: "0.3" };

const ROWS: [what: string, grpc: CardParts["grpc"], interfaces: unknown[]][] = [
  ["nothing of gRPC without it", undefined, []],
  ["nothing of gRPC without an open port", { address: undefined, isDefault: true }, []],
  ["both generations for who needs no name", { address: "agents.example:50051", isDefault: true }, [V1, V03]],
  ["1.0 alone, with its tenant, for who has to be named", { address: "agents.example:50051", isDefault: false }, [V1]],
];
for (const [what, grpc, interfaces] of ROWS) {
  Deno.test(`buildCard() offers ${what}`, () => assert.deepEqual(grpcInterfaces(grpc), interfaces));
}

Deno.test("a 0.3 card names gRPC as one more transport, and JSON-RPC stays the one it prefers", () => {
  const card = toV03Card(buildCard({ ...PARTS, grpc: { address: "agents.example:50051", isDefault: true } }));
  assert.equal(card.preferredTransport, "JSONRPC");
  assert.deepEqual((card.additionalInterfaces as unknown[]).at(-1), { url: V03.url, transport: "GRPC" });
});
