import { Buffer } from "node:buffer";
import { protoDigest } from "./proto_digest.ts";

/*
 * Compiles the definitions of this folder into src/a2a/proto/descriptor_set.ts: `deno task proto`. The compiler comes by
 * npx; nothing of it is part of the product.
 */

const COMPILER = "@bufbuild/buf@1.75.0";
const here = new URL(".", import.meta.url).pathname;
const target = new URL("../src/a2a/proto/descriptor_set.ts", import.meta.url);
/** A string of any length is one line; lines of this length can be read by tools that count them. */
const LINE_LENGTH = 110;

const compiled = await Deno.makeTempFile({ suffix: ".binpb" });
const { success, stderr } = await new Deno.Command("npx", {
  args: ["-y", COMPILER, "build", here, "--exclude-source-info", "--as-file-descriptor-set", "-o", compiled],
}).output();
if (!success) throw new Error(new TextDecoder().decode(stderr));
const packed = new Blob([await Deno.readFile(compiled)]).stream().pipeThrough(new CompressionStream("gzip"));
await Deno.remove(compiled);
const text = Buffer.from(await new Response(packed).arrayBuffer()).toString("base64");
const lines = text.match(new RegExp(`.{1,${LINE_LENGTH}}`, "g")) ?? [];
await Deno.writeTextFile(
  target,
  `// Made by \`deno task proto\` from proto/. Do not edit.

/** SHA-256 of the definitions that this was made from. */
export const PROTO_DIGEST = "${await protoDigest(here)}";

/** A google.protobuf.FileDescriptorSet, packed by gzip, in base64. */
export const DESCRIPTOR_SET = \`
${lines.join("\n")}
\`;
`,
);
