import type { JsonObject, JsonValue } from "../../src/base/json.ts";
import type { Call } from "./call.ts";
import { colors } from "./colors.ts";
import { dateAndTime } from "./dates.ts";
import { isEmpty, toInteger, toText, type PhpMap } from "./php.ts";
import { escapeHtml, type Markdown, renderMarkdown } from "./markdown.ts";
import type { ActivityRow } from "./rows.ts";

/** How the server words an event: a sentence, and a piece of a page. */

/** In plain text. */
export function eventTitle(author: string, event: string, data: JsonObject): string {
  const task = data["task"] as PhpMap;
  const text = (name: string): string => toText(task[name]);
  const card = `the task #${text("id")}`;
  switch (event) {
    case "task.assignee_change": {
      const assignee = assigneeOf(task);
      if (assignee === "") return `${author} removed the assignee of ${card}`;
      return `${author} changed the assignee of ${card} to ${assignee}`;
    }
    case "task.update":
      return `${author} updated ${card}`;
    case "task.create":
      return `${author} created ${card}`;
    case "task.close":
      return `${author} closed ${card}`;
    case "task.open":
      return `${author} opened ${card}`;
    case "task.move.project":
      return `${author} moved ${card} "${text("title")}" to the project "${text("project_name")}"`;
    case "task.move.column":
      return `${author} moved ${card} to the column "${text("column_title")}"`;
    case "task.move.position":
      return `${author} moved ${card} to the position ${text("position")} in the column "${text("column_title")}"`;
    case "task.move.swimlane":
      return `${author} moved ${card} to the swimlane "${text("swimlane_name")}"`;
    case "comment.update":
      return `${author} updated a comment on ${card}`;
    case "comment.create":
      return `${author} commented on ${card}`;
    case "comment.delete":
      return `${author} removed a comment on ${card}`;
    case "subtask.update":
      return `${author} updated a subtask for ${card}`;
    case "subtask.create":
      return `${author} created a subtask for ${card}`;
    case "subtask.delete":
      return `${author} removed a subtask for ${card}`;
    case "task.file.create":
      return `${author} attached a file to ${card}`;
    case "task.file.destroy":
      return `${author} removed a file from ${card}`;
    case "task_internal_link.create_update":
      return `${author} set a new internal link for ${card}`;
    default:
      return `${author} removed an internal link for ${card}`;
  }
}

/** As HTML. The blanks are those of the server's templates. */
export function eventPage(
  call: Call,
  authorName: string,
  activity: Pick<ActivityRow, "event_name" | "date_creation">,
  data: JsonObject,
): string {
  const task = data["task"] as PhpMap;
  const author = escapeHtml(authorName);
  const html = (name: string): string => escapeHtml(toText(task[name]));
  const card = `the task ${cardLink(toText(task["id"]))}`;
  const page = (sentence: string, description = titleLine(html("title"))): string =>
    `<p class="activity-title">\n    ${sentence}    <small class="activity-date">${dateAndTime(activity.date_creation)}</small>\n</p>\n` +
    `<div class="activity-description">\n${description}</div>\n`;
  switch (activity.event_name) {
    case "task.assignee_change": {
      const assignee = assigneeOf(task);
      const sentence =
        assignee === ""
          ? `${author} removed the assignee of ${card}`
          : `${author} changed the assignee of ${card} to ${escapeHtml(assignee)}`;
      return page(`\n            ${sentence}    `);
    }
    case "task.update":
      return page(`${author} updated ${card}`, titleLine(html("title")) + changeList(call, task, data["changes"]));
    case "task.create":
      return page(`${author} created ${card}`);
    case "task.close":
      return page(`${author} closed ${card}`);
    case "task.open":
      return page(`${author} opened ${card}`);
    case "task.move.project":
      return page(
        `${author} moved the task #${html("id")} "${html("title")}" to the project "${html("project_name")}"`,
      );
    case "task.move.column":
      return page(`${author} moved ${card} to the column "${html("column_title")}"`);
    case "task.move.position":
      return page(
        `${author} moved ${card} to the position #${html("position")} in the column "${html("column_title")}"`,
      );
    case "task.move.swimlane":
      return page(`        ${author} moved ${card} to the swimlane "${html("swimlane_name")}"    `);
    case "comment.create":
      return page(`${author} commented ${card}`, titleLine(html("title")) + commentText(call, data));
    case "comment.delete":
      return page(`${author} removed a comment on ${card}`, titleLine(html("title")) + commentText(call, data));
    case "comment.update": {
      const isShown = !isEmpty((data["comment"] as PhpMap)["comment"]);
      const text = isShown ? `        ${commentText(call, data)}    ` : "    ";
      return page(`${author} updated a comment on ${card}`, titleLine(html("title")) + text);
    }
    case "subtask.update":
      return page(`${author} updated a subtask for ${card}`, subtaskDetails(task, data));
    case "subtask.create":
      return page(`${author} created a subtask for ${card}`, subtaskDetails(task, data));
    case "subtask.delete":
      return page(
        `${author} removed a subtask for ${card}`,
        `${titleLine(html("title"))}    <ul>\n${subtaskLine(data)}    </ul>\n`,
      );
    case "task.file.create":
      return page(`${author} attached a new file to ${card}`, fileLine(data));
    case "task.file.destroy":
      return page(`${author} removed a file from ${card}`, fileLine(data));
    case "task_internal_link.create_update": {
      const { label, opposite } = linkOf(data);
      return page(
        `${author} set a new internal link for ${card}`,
        titleLine(`\n        This task is now linked to the task ${opposite} with the relation "${label}"    `),
      );
    }
    default: {
      const { label, opposite } = linkOf(data);
      return page(
        `${author} removed an internal link for ${card}`,
        titleLine(`\n        The link with the relation "${label}" to the task ${opposite} has been removed    `),
      );
    }
  }
}

function assigneeOf(task: PhpMap): string {
  return isEmpty(task["assignee_name"]) ? toText(task["assignee_username"]) : toText(task["assignee_name"]);
}

function cardLink(id: string): string {
  return `<a href="/?controller=TaskViewController&amp;action=show&amp;task_id=${id}" class="" title='' >#${id}</a>`;
}

function titleLine(html: string): string {
  return `    <p class="activity-task-title">${html}</p>\n`;
}

function fileLine(data: JsonObject): string {
  return titleLine(escapeHtml(toText((data["file"] as PhpMap)["name"])));
}

function commentText(call: Call, data: JsonObject): string {
  return `    <div class="markdown">${markdown(call, (data["comment"] as PhpMap)["comment"])}</div>\n`;
}

function linkOf(data: JsonObject): { readonly label: string; readonly opposite: string } {
  const link = data["task_link"] as PhpMap;
  return { label: escapeHtml(toText(link["label"])), opposite: cardLink(toText(link["opposite_task_id"])) };
}

function subtaskDetails(task: PhpMap, data: JsonObject): string {
  const subtask = data["subtask"] as PhpMap;
  const text = (name: string): string => escapeHtml(toText(subtask[name]));
  const estimated = text("time_estimated");
  const work = isEmpty(subtask["username"])
    ? `Not assigned, estimate of ${estimated}h`
    : `Assigned to ${isEmpty(subtask["name"]) ? text("username") : text("name")} with an estimate of ${text("time_spent")}/${estimated}h`;
  const lines = `${subtaskLine(data)}        <li>\n${" ".repeat(28)}${work}${" ".repeat(20)}</li>\n`;
  return `${titleLine(escapeHtml(toText(task["title"])))}\n    <ul>\n${lines}    </ul>\n`;
}

function subtaskLine(data: JsonObject): string {
  const subtask = data["subtask"] as PhpMap;
  const status = escapeHtml(toText(subtask["status_name"]));
  return `        <li>\n            ${escapeHtml(toText(subtask["title"]))} (<strong>${status}</strong>)\n        </li>\n`;
}

/** What an update changed, as the card is after it. */
function changeList(call: Call, task: PhpMap, changes: JsonValue | undefined): string {
  const names = Object.keys((changes ?? {}) as PhpMap);
  let list = "";
  if (names.length > 0) {
    const items = names.map((name) => change(name, task, (changes as PhpMap)[name]!));
    const lines = items.map((item) => (item === "" ? "" : `<li>${item}</li>`));
    list = `    <ul>\n        ${lines.join("")}    </ul>\n\n    `;
    if (!isEmpty((changes as PhpMap)["description"])) {
      const text = markdown(call, task["description"]);
      list +=
        "        <p><strong>The description has been modified:</strong></p>\n" +
        `                    <div class="markdown">${text}</div>\n            `;
    }
  }
  return `            <div class="activity-changes">\n            ${list}        </div>\n    `;
}

/** @returns empty when it is not worth a line */
function change(name: string, task: PhpMap, value: JsonValue): string {
  const html = (field: string): string => escapeHtml(toText(task[field]));
  switch (name) {
    case "title":
      return `New title: ${html("title")}`;
    case "owner_id":
      return isEmpty(task["owner_id"])
        ? "The task is not assigned anymore"
        : `New assignee: ${escapeHtml(assigneeOf(task))}`;
    case "category_id":
      return isEmpty(task["category_id"]) ? "There is no category now" : `New category: ${html("category_name")}`;
    case "color_id":
      return `New color: ${colors[toText(task["color_id"])]?.name ?? "?"}`;
    case "score":
      return `New complexity: ${toInteger(task["score"])}`;
    case "date_due":
      if (isEmpty(task["date_due"])) return "The due date has been removed";
      return `New due date: ${dateAndTime(toInteger(task["date_due"]))}`;
    case "description":
      return isEmpty(task["description"]) ? "There is no description anymore" : "";
    case "recurrence_status":
    case "recurrence_trigger":
    case "recurrence_factor":
    case "recurrence_timeframe":
    case "recurrence_basedate":
      return "Recurrence settings has been modified";
    case "time_spent":
      return `Time spent changed: ${html("time_spent")}h`;
    case "time_estimated":
      return `Time estimated changed: ${html("time_estimated")}h`;
    case "date_started":
      return isEmpty(value) ? "" : `Start date changed: ${dateAndTime(toInteger(task["date_started"]))}`;
    default:
      return `The field &quot;${escapeHtml(name)}&quot; has been updated`;
  }
}

function markdown(call: Call, text: JsonValue | undefined): string {
  const context: Markdown = {
    userNamed: (name) => call.store.userNamed(name),
    unmodelled: (what) =>
      call.context.unmodelled({ method: what, args: [text ?? null], file: "fakes/kanboard/markdown.ts" }),
  };
  return renderMarkdown(toText(text), context);
}
