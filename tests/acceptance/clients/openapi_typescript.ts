// Record, search, page, count and export with what openapi-typescript makes, and openapi-fetch.
import createClient from "openapi-fetch";

import type { components, paths } from "./types.js";

const { URL: baseUrl, KEY, TOKEN, KIND: kind, TIME: time, SENDER } = process.env as Record<string, string>;
const as = (token: string) => createClient<paths>({ baseUrl, headers: { Authorization: `Bearer ${token}` } });
const sender = as(KEY);
const reader = as(TOKEN);

type Sent = components["schemas"]["SubmittedEvent"];
const send = (body: Sent[], key?: string) =>
  sender.POST("/api/v1/events", { body, params: { header: key ? { "Idempotency-Key": key } : {} } });

// All members but the type may be left out, and details hold anything.
const sent: Sent[] = [0, 1, 2, 3, 4].map((n) => ({ type: kind, id: String(n), time, details: { n, deep: [{}] } }));
const receipt = await send(sent, kind);
const conflict = await send([{ type: kind, id: "0", time, source: "b" }]);
const rejected = await send([{ type: kind, time: "never" }]);
const reused = await send([{ type: kind }], kind);
const refusal = rejected.error as components["schemas"]["Refusal"];

const found: (string | null | undefined)[] = [];
let pages = 0;
let cursor: string | undefined;
do {
  const { data } = await reader.GET("/api/v1/events", {
    params: { query: { type: [kind], sender: [Number(SENDER)], from: "-2d", fields: ["submitted_id", "type"], page_size: 2, cursor } },
  });
  if (!data) throw new Error("There is no page.");
  pages += 1;
  found.push(...data.results.map((event) => event.submitted_id));
  cursor = data.next ? (new URL(data.next).searchParams.get("cursor") ?? undefined) : undefined;
} while (cursor);

const count = await reader.GET("/api/v1/events/count", { params: { query: { type: [kind] } } });
const exported = await reader.GET("/api/v1/events/export", {
  params: { query: { format: "ndjson", type: [kind] } },
  parseAs: "text",
});
const told = await reader.GET("/api/v1/exports/{export_id}", {
  params: { path: { export_id: exported.response.headers.get("Export-Id") ?? "" } },
});
console.log(
  JSON.stringify({
    recorded: receipt.data?.recorded,
    problems: [conflict, rejected, reused].map((answer) => answer.error?.type),
    pointer: refusal.events?.[0]?.errors[0]?.pointer,
    found,
    pages,
    count: count.data?.count,
    exported: exported.data?.split("\n").length! - 1,
    rows: told.data?.rows,
  }),
);
