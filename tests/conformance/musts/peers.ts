import type { AgentCard } from "../../../src/a2a/card/card_types.ts";
import { AGENT_URL, cardOffering, testClient } from "../../a2a/loopback.ts";
import type { A2AService } from "../../../src/a2a/service.ts";
import { httpAt } from "./legacy_face.ts";

/** What a client sent, in order. */
export interface Sent {
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
  readonly body: string;
}

type Offer = readonly [binding: string, version: string];

/** Our client before an agent that offers this; `card` is written over its card. */
export function peer(
  service: A2AService,
  { offers, card = {}, version }: {
    readonly offers: readonly Offer[];
    readonly card?: Partial<AgentCard>;
    readonly version?: "1.0" | "0.3";
  },
) {
  const sent: Sent[] = [];
  const answer = httpAt(service);
  const { client, slept } = testClient({
    ...(version === undefined ? {} : { version }),
    fetch: async (url, init) => {
      const request = new Request(url, init);
      const { method, headers } = request;
      sent.push({ method, url: new URL(url), headers, body: await request.clone().text() });
      if (url.endsWith("/.well-known/agent-card.json")) {
        return Response.json({ ...cardOffering(offers, AGENT_URL), ...card });
      }
      return await answer(url, init);
    },
  });
  return { client, sent, slept };
}
