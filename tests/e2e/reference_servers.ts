import { ROOT } from "./hector_process.ts";
import type { Sandbox } from "./sandbox.ts";

const FILES = `${ROOT}node_modules/@modelcontextprotocol/server-filesystem/dist/index.js`;

/** Puts an `npx` on the sandbox's PATH that starts the reference server for files as it is installed here. */
export async function installNpx({ folder }: Sandbox): Promise<void> {
  const script = `#!/bin/sh
[ "$1 $2" = "-y @modelcontextprotocol/server-filesystem@2026.8.31" ] || exit 64
shift 2
exec node '${FILES}' "$@"
`;
  await Deno.writeTextFile(`${folder}/../bin/npx`, script, { mode: 0o755 });
}
