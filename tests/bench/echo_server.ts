/* The floor: a bare server that parses JSON and gives it back. Argument: a port, 0 for any. */
const [port = "0"] = Deno.args;
const { addr } = Deno.serve(
  { hostname: "127.0.0.1", port: Number(port), onListen: () => {} },
  async (request) => Response.json(request.method === "POST" ? await request.json() : { status: "ready" }),
);
console.log(`http://127.0.0.1:${addr.port}`);
