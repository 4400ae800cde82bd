import type { JsonObject, JsonValue } from "../../../src/base/json.ts";
import { member, viewer } from "../authorization.ts";
import type { Call } from "../call.ts";
import { fatal } from "../failure.ts";
import { isEmpty, toInteger, toText, trim } from "../php.ts";
import { atomic, type Procedure } from "../procedure.ts";
import type { ExternalLinkRow } from "../rows.ts";
import { compareText, rowId } from "../sqlite.ts";
import { noData } from "../statements.ts";
import { hostOf, isPrivate, isUrl } from "../urls.ts";
import { fatalIfArray, fitsOrAbsent, isGiven, isIntegerOrAbsent } from "../validation.ts";

/** Links from cards to pages and files elsewhere. */
export const externalLinkProcedures: readonly Procedure[] = [
  atomic({
    name: "getExternalTaskLinkTypes",
    parameters: [],
    touches: () => noData,
    run: () => ({ auto: "Auto", ...typeNames }),
  }),
  atomic({
    name: "getExternalTaskLinkProviderDependencies",
    parameters: ["providerName"],
    touches: () => noData,
    run: (_call: Call, provider: JsonValue) => (isType(provider) ? { related: "Related" } : false),
  }),
  atomic({
    name: "getExternalTaskLinkById",
    parameters: ["task_id", "link_id"],
    guard: viewer("task"),
    touches: (call: Call, task: JsonValue) => call.readsCard("external", task),
    run: (call: Call, task: JsonValue, id: JsonValue) => ownLink(call, task, id) ?? false,
  }),
  atomic({
    name: "getAllExternalTaskLinks",
    parameters: ["task_id"],
    guard: viewer("task"),
    touches: (call: Call, task: JsonValue) => call.readsCard("external", task),
    run: (call: Call, task: JsonValue) =>
      call.store.externalLinks
        .of(rowId(task))
        .toSorted((left, right) => compareText(left.title, right.title) || left.id - right.id)
        .map((link) => externalLinkShape(call, link)),
  }),
  atomic({
    name: "createExternalTaskLink",
    parameters: ["task_id", "url", "dependency", ["type", "auto"], ["title", ""]],
    guard: member("task"),
    touches: (call: Call, task: JsonValue) => call.insertsInto("external", task),
    run: (call: Call, task: JsonValue, url: JsonValue, dependency: JsonValue, wanted: JsonValue, title: JsonValue) => {
      if (typeof url === "object" && url !== null) return fatal;
      const address = trim(toText(url));
      const type = wanted === "auto" ? types.find((candidate) => matches[candidate](address)) : wanted;
      if (type === undefined || !isType(type) || !matches[type](address)) return false;
      const failure = fatalIfArray(isEmpty(title) ? null : title, dependency);
      if (failure !== undefined) return failure;
      const given = isEmpty(title) ? titleOf(type, address) : toText(title);
      if (!isValid(call, { task_id: task, title: given, url: address, link_type: type, dependency })) return false;
      const card = call.store.tasks.find(task);
      if (card === undefined) return false;
      return addExternalLink(call, card.id, {
        title: given,
        url: address,
        link_type: type,
        dependency: toText(dependency),
      });
    },
  }),
  atomic({
    name: "updateExternalTaskLink",
    parameters: ["task_id", "link_id", ["title", null], ["url", null], ["dependency", null]],
    guard: member("task"),
    touches: (call: Call, task: JsonValue) => call.writesCard("external", task),
    run: (call: Call, task: JsonValue, id: JsonValue, title: JsonValue, url: JsonValue, dependency: JsonValue) => {
      const link = ownLink(call, task, id);
      if (link === undefined) return false;
      const failure = fatalIfArray(title, url, dependency);
      if (failure !== undefined) return failure;
      const next = { title: title ?? link.title, url: url ?? link.url, dependency: dependency ?? link.dependency };
      if (!isValid(call, { ...link, ...next })) return false;
      call.store.externalLinks.replace({
        ...link,
        title: toText(next.title),
        url: toText(next.url),
        dependency: toText(next.dependency),
        date_modification: call.nowS(),
      });
      call.commit();
      return true;
    },
  }),
  atomic({
    name: "removeExternalTaskLink",
    parameters: ["task_id", "link_id"],
    guard: member("task"),
    touches: (call: Call, task: JsonValue) => call.insertsInto("external", task),
    run: (call: Call, task: JsonValue, id: JsonValue) => {
      const link = ownLink(call, task, id);
      if (link === undefined) return false;
      call.store.externalLinks.remove(link.id);
      call.commit();
      return true;
    },
  }),
];

/** The card must exist. */
export function addExternalLink(
  call: Call,
  card: number,
  given: Pick<ExternalLinkRow, "title" | "url" | "link_type" | "dependency">,
): number {
  const now = call.nowS();
  const link: ExternalLinkRow = {
    id: call.store.externalLinks.nextId,
    ...given,
    date_creation: now,
    date_modification: now,
    task_id: card,
    creator_id: call.userId,
  };
  call.store.externalLinks.insert(link);
  call.commit();
  return link.id;
}

function externalLinkShape(call: Call, link: ExternalLinkRow): JsonObject {
  const creator = call.store.users.find(link.creator_id);
  return {
    ...link,
    creator_name: creator?.name ?? null,
    creator_username: creator?.username ?? null,
    dependency_label: link.dependency === "related" ? "Related" : link.dependency,
    type: isType(link.link_type) ? typeNames[link.link_type] : "Unknown",
  };
}

function ownLink(call: Call, task: JsonValue, id: JsonValue): ExternalLinkRow | undefined {
  const link = call.store.externalLinks.find(id);
  return link?.task_id === toInteger(task) ? link : undefined;
}

/** What is wrong is written before the answer, as a dump meant for a log. */
function isValid(call: Call, given: Readonly<Record<string, JsonValue>>): boolean {
  const errors: [field: string, messages: string[]][] = [];
  for (const field of ["url", "title", "link_type", "dependency", "task_id"]) {
    const messages: string[] = [];
    if (!isGiven(given[field])) messages.push("Field required");
    if (field in lengthsMax && !fitsOrAbsent(given[field], lengthsMax[field]!)) {
      messages.push(`The maximum length is ${lengthsMax[field]!} characters`);
    }
    if (field === "url" && isGiven(given[field]) && !isUrl(toText(given[field]))) messages.push("This URL is invalid");
    if (field === "task_id" && !isIntegerOrAbsent(given[field])) messages.push("This value must be an integer");
    if (messages.length > 0) errors.push([field, messages]);
  }
  if (errors.length === 0) return true;
  const fields = errors.map(([field, messages]) => {
    const lines = messages.map((message, index) => `    ${index} => '${message}',\n`);
    return `  '${field}' => \n  array (\n${lines.join("")}  ),\n`;
  });
  call.printed += `array (\n${fields.join("")})`;
  return false;
}

const lengthsMax: Readonly<Record<string, number>> = { url: 65_535, title: 65_535, link_type: 100, dependency: 100 };

/** In the order in which an address is offered to them. */
const types = ["file", "attachment", "weblink"] as const;
type LinkType = (typeof types)[number];

const typeNames: Readonly<Record<LinkType, string>> = {
  attachment: "Attachment",
  file: "Local File",
  weblink: "Web Link",
};

const matches: Readonly<Record<LinkType, (address: string) => boolean>> = {
  file: (address) => address.includes("://") && !address.startsWith("http") && !address.startsWith("ftp"),
  attachment: (address) => {
    const extension = /^https?:\/\/.*\/.*\.([^/]+)$/.exec(address)?.[1];
    return extension !== undefined && !pageExtensions.has(extension.toLowerCase());
  },
  weblink: (address) => /^https?:\/\//.test(address) && isUrl(address),
};

const pageExtensions: ReadonlySet<string> = new Set([
  "html",
  "htm",
  "xhtml",
  "php",
  "jsp",
  "do",
  "action",
  "asp",
  "aspx",
  "cgi",
]);

function isType(type: JsonValue): type is LinkType {
  return types.some((known) => known === type);
}

/** No page can be reached: what is left of its address stands for its title. Private addresses are not even asked. */
function titleOf(type: LinkType, address: string): string {
  const [, host = "", path = ""] = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)([^?#]*)/i.exec(address) ?? [];
  if (type !== "weblink") return path.split("/").findLast((part) => part !== "") ?? "";
  const name = hostOf(host);
  return isPrivate(name) || path === "" ? address : name + path;
}
