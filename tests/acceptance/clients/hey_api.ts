// Record, search, page, count and export with what @hey-api/openapi-ts makes.
import { createClient } from "./client/client/index.js";
import { countEvents, exportEvents, findEvents, getExport, recordEvents } from "./client/index.js";
import type { SubmittedEvent } from "./client/index.js";

const { URL: baseUrl, KEY, TOKEN, KIND: kind, TIME: time, SENDER } = process.env as Record<string, string>;
const sender = createClient({ baseUrl, auth: KEY });
const reader = createClient({ baseUrl, auth: TOKEN });

const send = (body: SubmittedEvent[], key?: string) =>
  recordEvents({ client: sender, body, headers: key ? { "Idempotency-Key": key } : {} });

const sent: SubmittedEvent[] = [0, 1, 2, 3, 4].map((n) => ({ type: kind, id: String(n), time, details: { n, deep: [{}] } }));
const receipt = await send(sent, kind);
const conflict = await send([{ type: kind, id: "0", time, source: "b" }]);
const rejected = await send([{ type: kind, time: "never" }]);
const reused = await send([{ type: kind }], kind);
const refusal = rejected.error;

const found: (string | null | undefined)[] = [];
let pages = 0;
let cursor: string | undefined;
do {
  const { data } = await findEvents({
    client: reader,
    query: { type: [kind], sender: [Number(SENDER)], from: "-2d", fields: ["submitted_id", "type"], page_size: 2, cursor },
  });
  if (!data) throw new Error("There is no page.");
  pages += 1;
  found.push(...data.results.map((event) => event.submitted_id));
  cursor = data.next ? (new URL(data.next).searchParams.get("cursor") ?? undefined) : undefined;
} while (cursor);

const count = await countEvents({ client: reader, query: { type: [kind] } });
const exported = await exportEvents({ client: reader, query: { format: "ndjson", type: [kind] }, parseAs: "text" });
const told = await getExport({
  client: reader,
  path: { export_id: exported.response?.headers.get("Export-Id") ?? "" },
});
console.log(
  JSON.stringify({
    recorded: receipt.data?.recorded,
    problems: [conflict, rejected, reused].map((answer) => answer.error?.type),
    pointer: refusal && "events" in refusal ? refusal.events?.[0]?.errors[0]?.pointer : undefined,
    found,
    pages,
    count: count.data?.count,
    exported: String(exported.data).split("\n").length - 1,
    rows: told.data?.rows,
  }),
);
