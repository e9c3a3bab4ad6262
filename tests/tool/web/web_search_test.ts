import assert from "node:assert/strict";
import { webSearch } from "../../../src/tool/web/web_search.ts";
import { refusal } from "../run_tool.ts";
import { callWeb, withWebServer } from "./web_server.ts";

const RESULTS = {
  query: "owls",
  results: [
    { title: "Owl", url: "https://owl.example/", content: "A bird.", score: 0.9, engine: "x" },
    { title: null, url: "https://b.example/", content: null },
    { title: "Third", url: "https://c.example/", content: "C" },
  ],
};
const SHOWN = "1. Owl\nhttps://owl.example/\nA bird.\n\n2. https://b.example/\nhttps://b.example/\n";

Deno.test("web_search asks Tavily with the key of the environment, which nobody else sees", async () => {
  await withWebServer(() => Response.json(RESULTS), async ({ url, asked }) => {
    const env = { TAVILY_API_KEY: "tvly-secret" };
    const { content } = await callWeb(webSearch, { query: "owls", max_results: 2 }, {
      options: { provider: "tavily", base_url: url },
      env,
    });
    assert.equal(content, SHOWN);
    const [request] = asked;
    assert.deepEqual(
      [request?.method, request?.path, request?.headers.get("authorization"), JSON.parse(request?.body ?? "")],
      ["POST", "/search", "Bearer tvly-secret", { query: "owls", max_results: 2 }],
    );
  });
});

Deno.test("web_search asks a SearXNG of one's own, below a path, too", async () => {
  await withWebServer(() => Response.json(RESULTS), async ({ url, asked }) => {
    const options = { base_url: `${url}/searx/`, max_results: 2 };
    assert.equal((await callWeb(webSearch, { query: "owls & more" }, { options })).content, SHOWN);
    assert.equal(asked[0]?.path, "/searx/search?q=owls+%26+more&format=json");
  });
});

/** [answer, what is told] */
const FAILED: [answer: () => Response, told: RegExp][] = [
  [() => new Response(null, { status: 401 }), /Tavily answers HTTP 401: it does not take the key$/],
  [() => new Response(null, { status: 429 }), /HTTP 429: ask less often$/],
  [() => new Response("<html>"), /answers something else than results$/],
  [() => Response.json({ results: "none" }), /answers something else than results$/],
];
for (const [answer, told] of FAILED) {
  Deno.test(`web_search tells ${told.source}`, async () => {
    await withWebServer(answer, async ({ url }) => {
      const options = { base_url: url, api_key: "tvly-secret" };
      const message = await refusal(callWeb(webSearch, { query: "owls" }, { options }));
      assert.match(message, told);
      assert.doesNotMatch(message, /tvly-secret/);
    });
  });
}

Deno.test("web_search tells how SearXNG is made to answer in JSON", async () => {
  await withWebServer(() => new Response(null, { status: 403 }), async ({ url }) => {
    const options = { provider: "searxng", base_url: url };
    assert.match(await refusal(callWeb(webSearch, { query: "owls" }, { options })), /add json to search\.formats/);
  });
});

Deno.test("web_search says that nothing was found", async () => {
  await withWebServer(() => Response.json({ results: [] }), async ({ url }) => {
    const options = { base_url: url, api_key: "k" };
    assert.deepEqual(await callWeb(webSearch, { query: "owls" }, { options }), { content: "Nothing was found" });
  });
});

Deno.test("web_search without a key, or without a place, is refused before anybody asks", async () => {
  assert.match(
    await refusal(callWeb(webSearch, { query: "a" })),
    /provider[^]*is needed: tavily, whose key is TAVILY_API_KEY/,
  );
  assert.match(
    await refusal(callWeb(webSearch, { query: "a" }, { options: { provider: "tavily" } })),
    /no key of Tavily: set TAVILY_API_KEY/,
  );
  assert.match(
    await refusal(callWeb(webSearch, { query: "a" }, { options: { provider: "searxng" } })),
    /is needed for searxng: where it is served/,
  );
});
