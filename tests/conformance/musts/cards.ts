import assert from "node:assert/strict";
import { fromJson } from "@bufbuild/protobuf";
import { buildCard } from "../../../src/a2a/card/build_card.ts";
import { loadCodec } from "../../../src/a2a/proto/codec.ts";
import { appUnderTest } from "../../server/app_under_test.ts";
import { servedAgent } from "../../server/served_agent.ts";
import { type MustTest, once } from "./must.ts";

/* A2A v1 §8: where a card is, and how it is asked for. */

const PARTS = { id: "desk", name: "Desk", description: "Answers", version: "1.2.3", skills: [] };
const WELL_KNOWN = ["/.well-known/agent-card.json", "/agents/desk/.well-known/agent-card.json"];
const V1 = { headers: { "a2a-version": "1.0" } };

function app() {
  return appUnderTest([{ ...servedAgent("desk"), card: (baseUrl) => buildCard({ ...PARTS, baseUrl }) }]);
}

export const CARDS: readonly MustTest[] = [
  ...once(65, "the card is at the well-known paths and is an AgentCard to the letter", async () => {
    const { registry } = await loadCodec();
    const type = registry.getMessage("lf.a2a.v1.AgentCard");
    assert.ok(type);
    for (const path of WELL_KNOWN) {
      const response = await app()(path, V1);
      assert.deepEqual([response.status, response.headers.get("content-type")], [200, "application/json"]);
      // Throws for a member that the definition does not have.
      fromJson(type, await response.json(), { registry });
    }
  }),
  ...once(65, "the card needs no credential, and is read whatever the version asked for", async () => {
    for (const headers of [undefined, { "a2a-version": "0.3" }, { "a2a-version": "1.0" }]) {
      const response = await app()(WELL_KNOWN[0] ?? "", headers === undefined ? {} : { headers });
      const card = await response.json();
      assert.equal(card.name, "Desk");
    }
  }),
  ...once(66, "a card says how long it is good, and 304 to whom has it", async () => {
    const ask = app();
    for (const path of WELL_KNOWN) {
      const { headers } = await ask(path, V1);
      assert.match(headers.get("cache-control") ?? "", /max-age=\d+/);
      assert.ok(headers.get("last-modified"));
      const etag = headers.get("etag") ?? "";
      const again = await ask(path, { headers: { ...V1.headers, "if-none-match": etag } });
      assert.deepEqual([again.status, await again.text(), again.headers.get("etag")], [304, "", etag]);
      const older = await ask(path, { headers: { ...V1.headers, "if-none-match": '"other"' } });
      assert.equal(older.status, 200);
      await older.body?.cancel();
    }
  }),
  ...once(66, "two forms of a card have two tags, and caches are told what parts them", async () => {
    const ask = app();
    const [v1, v03] = [await ask(WELL_KNOWN[0] ?? "", V1), await ask(WELL_KNOWN[0] ?? "")];
    assert.notEqual(v1.headers.get("etag"), v03.headers.get("etag"));
    assert.match(v1.headers.get("vary") ?? "", /a2a-version/i);
  }),
  ...once(70, "no Host header gets into a card", async () => {
    for (const path of WELL_KNOWN) {
      const response = await app()(`http://evil.example${path}`, V1);
      const text = await response.text();
      assert.match(text, /http:\/\/agents\.example\/agents\/desk/);
      assert.doesNotMatch(text, /evil/);
    }
  }),
];
