/** Writes docs/configuration.md: deno task docs */
import { PLUGIN_TABLES } from "../src/app/runtime.ts";
import { type KeyDoc, keyDocs } from "../src/config/key_docs.ts";
import { NOT_IN_THIS_VERSION, WITHOUT_EFFECT } from "../src/config/not_in_this_version.ts";

export const CONFIGURATION_PAGE = new URL("configuration.md", import.meta.url);

const INTRODUCTION = `<!-- deno-fmt-ignore-file -->
<!-- Written by \`deno task docs\` from the schemas in src/config and of the plugins. Do not edit. -->

# Configuration

One file, YAML 1.2 or JSON, or several that are merged. This page lists every key in its newest spelling; in the terminal
\`hector explain agents.analyst.llm\` tells the same, and \`hector schema\` prints it for editors. \`hector init\` writes a
file to begin with, and \`hector validate FILE\` checks one. A key that stands on neither list below is an error.

## Variables and secrets

| written | means |
|---|---|
| \`\${NAME}\` | the environment variable, or what \`.env.local\` or \`.env\` beside the file says; an error if it is not set |
| \`\${NAME:-default}\` | the same, or the default where it is not set or empty |
| \`\${file:/run/secrets/key}\` | the text of a small file without its last line end; relative paths begin at the configuration |
| \`\${file:key.txt:-default}\` | the same, or the default where the file cannot be read |
| \`$NAME\` | like \`\${NAME}\`, if it is the whole text |
| \`$\${NAME}\` | the text \`\${NAME}\` itself |

What comes out of a variable or a file stays text, except that a whole one may be a number or \`true\` and \`false\` where one is
due. It is never read for variables again, and no error, log, card or \`hector validate --print\` shows it.

## Several files

\`--config\` may name several files or a folder. Mappings are merged key by key; two files may not say different things of one key.

## Older spellings

Files of hector 1.x and 2.0 load as they are. \`hector validate --explain FILE\` tells what was read as what, and
\`hector validate --print FILE\` prints the file in its newest spelling.
`;

/** The whole page. */
export function configurationPage(root: KeyDoc = keyDocs(PLUGIN_TABLES)): string {
  const sections = root.children.map((section) => chapter(section));
  return `${INTRODUCTION}
## The top

${rows(root.children)}
${sections.filter((text) => text !== "").join("\n")}
## Not in this version

${
    table(
      ["key", "what it would do", "nearest"],
      NOT_IN_THIS_VERSION.map(([at, ...rest]) => [code(at), ...rest.map(cell)]),
    )
  }
## Without effect

These did something in other generations of hector, or were read and ignored. They are refused, so that nobody relies on them.

${table(["key", "why"], WITHOUT_EFFECT.map(([at, because]) => [code(at), cell(because)]))}`;
}

function chapter(section: KeyDoc): string {
  const inner = [...tablesOf(section)];
  return inner.length === 0 ? "" : `## ${section.name}\n\n${section.description}\n\n${inner.join("\n")}`;
}

/** A table of the keys of a part, of each plugin that it may name, and of the parts below. */
function* tablesOf(doc: KeyDoc): Iterable<string> {
  const named = doc.children.filter(({ name }) => name.startsWith("<") || name === "[]");
  const keys = doc.children.filter((child) => !named.includes(child));
  if (keys.length > 0) yield `### \`${doc.path}\`\n\n${rows(keys)}`;
  const { plugins } = doc;
  for (const { name, children } of plugins?.options ?? []) {
    const head = `#### \`${doc.path}\` with \`${plugins?.key}: ${name}\`\n`;
    yield children.length === 0 ? `${head}\nNo options.\n` : `${head}\n${rows(children)}`;
    for (const child of children) yield* tablesOf(child);
  }
  for (const child of [...keys, ...named]) yield* tablesOf(child);
}

function rows(docs: readonly KeyDoc[]): string {
  return table(
    ["key", "type", "default", "what"],
    docs.map((doc) => [code(doc.name), cell(typeOf(doc)), defaultOf(doc), cell(doc.description)]),
  );
}

function typeOf({ type, allowed, required }: KeyDoc): string {
  const words = allowed === undefined ? type : type === "a word" ? allowed : `${type}, ${allowed}`;
  return required ? `${words} (required)` : words;
}

const MAX_SHOWN_DEFAULT = 60;

function defaultOf({ default: value, children }: KeyDoc): string {
  if (value === undefined || (children.length > 0 && JSON.stringify(value) === "{}")) return "";
  const text = JSON.stringify(value);
  return text.length <= MAX_SHOWN_DEFAULT ? code(text) : Array.isArray(value) ? `${value.length} entries` : "…";
}

function code(text: string): string {
  return `\`${text}\``;
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ").replaceAll("<", "&lt;");
}

function table(head: readonly string[], lines: readonly (readonly string[])[]): string {
  const all = [head, head.map(() => "---"), ...lines];
  return `${all.map((cells) => `| ${cells.join(" | ")} |`).join("\n")}\n`;
}

if (import.meta.main) {
  await Deno.writeTextFile(CONFIGURATION_PAGE, configurationPage());
  console.log("docs/configuration.md is written");
}
