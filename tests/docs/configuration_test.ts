import assert from "node:assert/strict";
import { CONFIGURATION_PAGE, configurationPage } from "../../docs/generate.ts";

Deno.test("docs/configuration.md is what deno task docs writes now", async () => {
  assert.ok(await Deno.readTextFile(CONFIGURATION_PAGE) === configurationPage(), "run deno task docs");
});

Deno.test("configurationPage() lists keys with their types, defaults and plugins", () => {
  const page = configurationPage();
  const lines = [
    "| `port` | a whole number, 0 to 65535 | `8080` | 0: any free port. |",
    '| `visibility` | public, internal, private | `"public"` |',
    "| `id` | text (required) |  | Unique among the agent's skills. |",
  ];
  for (const line of lines) assert.ok(page.includes(line), line);
  assert.match(page, /^#### `llms\.<name>` with `provider: openai`$/m);
  assert.match(page, /^### `agents\.<id>\.skills\[\]`$/m);
});

Deno.test("configurationPage() breaks no table with what descriptions say", () => {
  const page = configurationPage();
  const widths = page.split("\n\n").filter((block) => block.startsWith("| ")).map((block) =>
    new Set(block.trim().split("\n").map((row) => row.replaceAll("\\|", "").split("|").length)).size
  );
  assert.ok(widths.length > 20 && widths.every((width) => width === 1));
});
