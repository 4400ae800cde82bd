/** What an operation does, in plain words, by its name; `{key}` is what it is done to. Other names stand for themselves. */
const words: Readonly<Record<string, string>> = {
  "board.getProjectByName": "looks up the project {key}",
  "board.getBoard": "reads the board",
  "board.getColumns": "reads the columns",
  "board.getTask": "reads card {key}",
  "board.getTaskByReference": "looks up card {key}",
  "board.getAllTasks": "lists the cards",
  "board.getTaskTags": "reads the tags of {key}",
  "board.setTaskTags": "sets the tags of {key}",
  "board.createTag": "creates the tag {key}",
  "board.createTask": "creates card {key}",
  "board.updateTask": "updates card {key}",
  "board.duplicateTaskToProject": "copies a card for {key}",
  "board.moveTaskPosition": "moves card {key}",
  "board.closeTask": "closes card {key}",
  "board.openTask": "opens card {key}",
  "board.removeTask": "removes card {key}",
  "board.createComment": "comments on {key}",
  "board.getAllComments": "reads the comments of {key}",
  "board.removeComment": "removes a comment of {key}",
  "board.createTaskLink": "links {key}",
  "board.getAllLinks": "reads the kinds of links",
  "board.getAllTaskLinks": "reads the links of {key}",
  "board.removeTaskLink": "removes a link of {key}",
  "board.saveTaskMetadata": "saves metadata of {key}",
  "board.getTaskMetadata": "reads the metadata of {key}",
  "board.getTaskMetadataByName": "reads the metadata of {key}",
  "board.removeTaskMetadata": "removes metadata of {key}",
  "board.createTaskFile": "attaches {key}",
  "board.getAllTaskFiles": "lists the attachments of {key}",
  "board.downloadTaskFile": "downloads {key}",
  "board.removeTaskFile": "removes the attachment {key}",
  "model.complete": "asks the model about {key}",
  "disk.readText": "reads {key}",
  "disk.readBytes": "reads {key}",
  "disk.write": "writes {key}",
  "disk.sync": "syncs {key}",
  "disk.rename": "renames a file to {key}",
  "disk.remove": "removes {key}",
  "disk.makeFolder": "makes the folder {key}",
  "disk.makeLink": "makes the link {key}",
  "disk.list": "lists {key}",
  "disk.stat": "looks at {key}",
  "disk.realPath": "resolves {key}",
  "clock.sleep": "sleeps",
  pytest: "runs pytest for {key}",
  "codex.exec": "runs codex for {key}",
  "subprocess.killGroup": "kills the processes of {key}",
  "http.listen": "begins to listen",
};

/** The same for whole families of names: `{rest}` is what follows the prefix. */
const prefixWords: readonly (readonly [prefix: string, words: string])[] = [
  ["webhook.", "sends the webhook {rest} about {key}"],
  ["git.", "runs git {rest} for {key}"],
  ["spawn.", "starts {rest} for {key}"],
];

export function describeOperation(name: string, key: string): string {
  const [prefix, family] = prefixWords.find(([each]) => name.startsWith(each)) ?? ["", undefined];
  const text = words[name] ?? family ?? (key === "" ? "{name}" : "{name} {key}");
  const parts: Readonly<Record<string, string>> = { name, key: describeKey(key), rest: name.slice(prefix.length) };
  return text.replaceAll(placeholder, (_, noun: string | undefined, part: string) =>
    noun === undefined ? parts[part]! : withNoun(noun, parts[part]!),
  );
}

/** With the noun in front of it, where there is one. */
const placeholder = /(?:(card|project|tag|folder|link|attachment) )?\{(name|key|rest)\}/g;

/** As `card EPIC-1`. Names that say themselves what they name, as `Card 1`, say it once. */
export function withNoun(noun: string, name: string): string {
  return name.toLowerCase().startsWith(`${noun} `) ? name : `${noun} ${name}`;
}

/** What the core keeps of its own goes by names such as `claim:EPIC-1`: told as what it is. */
function describeKey(key: string): string {
  const [, kind, whose] = /^(\w+):(.+)$/s.exec(key) ?? [];
  const words = keyWords.get(kind ?? "");
  return words === undefined ? key : `${words} ${whose}`;
}

const keyWords: ReadonlyMap<string, string> = new Map(
  Object.entries({
    children: "the records of children of",
    claim: "the claim on",
    ledger: "the approvals of",
    run: "the run record of",
    runs: "the run records of",
    scratch: "the scratch folder of",
    spent: "the record of what was spent on",
  }),
);
