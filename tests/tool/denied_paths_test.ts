import assert from "node:assert/strict";
import { globList } from "../../src/lib/glob.ts";
import { DENIED_PATHS } from "../../src/tool/denied_paths.ts";

const isDenied = globList(DENIED_PATHS);

Deno.test("DENIED_PATHS holds what credentials commonly stand in, wherever it lies", () => {
  for (
    const name of [
      ...[".env", ".env.local", "prod.env", ".envrc", ".ssh/config", ".aws/credentials", ".npmrc", "server.pem"],
      ...["credentials.json", ".bash_history", ".python_history", "terraform.tfstate", "terraform.tfstate.backup"],
    ]
  ) {
    assert.deepEqual([name, isDenied(name), isDenied(`deep/er/${name}`)], [name, true, true]);
  }
});

Deno.test("DENIED_PATHS leaves alone what only looks like them", () => {
  const names = [".env.example", "history", "my_history", "main.tf", "tfstate.md", "credentials.ts", "environment.md"];
  assert.deepEqual(names.filter(isDenied), []);
});
