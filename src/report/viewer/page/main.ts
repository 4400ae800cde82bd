import { CardNames } from "../../card-names.ts";
import { actorOf, describeEvent } from "../../event-words.ts";
import { plainLine } from "../../plain-line.ts";
import { virtualTime } from "../../virtual-time.ts";
import { unpackEvents } from "../packed-events.ts";
import type { ViewerDocument } from "../viewer-document.ts";

showRun(JSON.parse(document.querySelector("#run")!.textContent) as ViewerDocument);

function showRun(shown: ViewerDocument): void {
  const events = unpackEvents(shown.run);
  const cards = new CardNames(events);
  const heading = document.createElement("h1");
  heading.textContent = shown.title;
  const list = document.createElement("ol");
  list.append(
    ...events.map((event) => {
      const item = document.createElement("li");
      item.textContent = plainLine(`${virtualTime(event.atUs)} ${actorOf(event)} ${describeEvent(event, cards)}`, 400);
      return item;
    }),
  );
  document.body.append(heading, list);
}
