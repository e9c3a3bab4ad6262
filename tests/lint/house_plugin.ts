/*
 * The rules of the house that `deno lint` holds on every file of main.ts and src/. What needs the whole tree (layers,
 * circles, sizes, dead files) is in tests/architecture_test.ts.
 */

const MAX_FUNCTION_LINES = 60;
const MAX_PARAMETERS = 3;
const VAGUE_TYPE_NAME =
  /(Manager|Factory|Builder|Processor|Helper|Util|Utils|Impl|Data|Info)$|^(Base|Abstract)[A-Z]|^I[A-Z][a-z]/;
/** The rooms where the runtime may be touched (docs/architecture.md, "rim"). */
const RIM = /^(main\.ts|src\/plugins\.ts|src\/(app|server|cli|tool|store)\/.*|src\/(config|rag)\/sources\/.*)$/;
/** `node:http2` aborts the process when a peer says GOAWAY (docs/decisions/0001-no-node-http2.md), and with it all that is built on it. */
const HTTP2 = /^(node:http2|@grpc\/grpc-js|@connectrpc\/connect-node|etcd3|@opentelemetry\/exporter-trace-otlp-grpc)/;

type Located = { readonly range: readonly [number, number] };

function pathInHouse(filename: string): string {
  const at = Math.max(filename.lastIndexOf("/src/") + 1, 0);
  return at > 0 ? filename.slice(at) : filename.slice(filename.lastIndexOf("/") + 1);
}

function isProduct(filename: string): boolean {
  const path = pathInHouse(filename);
  return path.startsWith("src/") || (path === "main.ts" && !filename.includes("/tests/"));
}

function lineCount(text: string): number {
  return text.split("\n").length;
}

function functionRules(context: Deno.lint.RuleContext) {
  const check = (node: Located & { readonly params: readonly unknown[] }) => {
    const lines = lineCount(context.sourceCode.text.slice(node.range[0], node.range[1]));
    if (lines > MAX_FUNCTION_LINES) {
      context.report({
        range: [...node.range],
        message: `A function of ${lines} lines: at most ${MAX_FUNCTION_LINES}`,
      });
    }
    if (node.params.length > MAX_PARAMETERS) {
      context.report({
        range: [...node.range],
        message: `${node.params.length} parameters: at most ${MAX_PARAMETERS}, options object last`,
      });
    }
  };
  return { FunctionDeclaration: check, FunctionExpression: check, ArrowFunctionExpression: check };
}

/** A rule that looks at the product only; tests may cast and may be long. */
function productRule(create: (context: Deno.lint.RuleContext) => Deno.lint.LintVisitor): Deno.lint.Rule {
  return { create: (context) => isProduct(context.filename) ? create(context) : {} };
}

function checkTypeName(context: Deno.lint.RuleContext) {
  return (node: { readonly id: { readonly name: string; readonly range: readonly [number, number] } | null }) => {
    if (node.id === null || !VAGUE_TYPE_NAME.test(node.id.name)) return;
    context.report({ range: [...node.id.range], message: `"${node.id.name}" says nothing: use the domain's noun` });
  };
}

function checkImport(context: Deno.lint.RuleContext) {
  return (node: Deno.lint.ImportDeclaration | Deno.lint.ImportExpression) => {
    const source = node.source.type === "Literal" ? node.source.value : undefined;
    if (typeof source === "string" && HTTP2.test(source.replace(/^npm:/, ""))) {
      context.report({ node, message: `"${source}" is built on node:http2, which aborts on GOAWAY` });
    }
  };
}

export default {
  name: "house",
  rules: {
    "no-cast": productRule((context) => ({
      TSAsExpression(node) {
        const type = node.typeAnnotation;
        if (type.type === "TSTypeReference" && type.typeName.type === "Identifier" && type.typeName.name === "const") {
          return;
        }
        context.report({ node, message: "No `as` but `as const`: parse at the edge, then trust the type" });
      },
      TSTypeAssertion(node) {
        context.report({ node, message: "No type assertion: parse at the edge, then trust the type" });
      },
      TSNonNullExpression(node) {
        context.report({ node, message: "No `!`: say what happens when it is absent" });
      },
    })),
    "function-size": productRule((context) => functionRules(context)),
    "runtime-at-the-rim": productRule((context) =>
      RIM.test(pathInHouse(context.filename)) ? {} : {
        MemberExpression(node) {
          if (node.object.type === "Identifier" && node.object.name === "Deno") {
            context.report({ node, message: "`Deno.` only at the rim: take it as an argument" });
          }
        },
      }
    ),
    "no-node-http2": {
      create: (context) => ({ ImportDeclaration: checkImport(context), ImportExpression: checkImport(context) }),
    },
    "type-names": productRule((context) => ({
      ClassDeclaration: checkTypeName(context),
      TSInterfaceDeclaration: checkTypeName(context),
      TSTypeAliasDeclaration: checkTypeName(context),
    })),
    "no-console": productRule((context) => ({
      MemberExpression(node) {
        if (node.object.type === "Identifier" && node.object.name === "console") {
          context.report({ node, message: "No console: cli prints, everything else logs through what it is given" });
        }
      },
    })),
    "no-env-sleep": productRule((context) => ({
      CallExpression(node) {
        if (node.callee.type === "Identifier" && node.callee.name === "setTimeout") {
          const path = pathInHouse(context.filename);
          if (RIM.test(path)) return;
          context.report({ node, message: "Nothing sleeps below the rim: take a clock as an argument" });
        }
      },
    })),
  },
} satisfies Deno.lint.Plugin;
