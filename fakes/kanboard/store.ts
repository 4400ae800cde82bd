import type { JsonObject } from "../../src/base/json.ts";
import { digest64 } from "../../src/base/digest.ts";
import { compareCells, compareText, foldCase, isLike, type Cell } from "./sqlite.ts";
import { CardIndexes, referenceKey } from "./card-indexes.ts";
import { IdIndex } from "./id-index.ts";
import { LayeredMap } from "./layered-map.ts";
import { isSamePlace, OpenCards, type Place } from "./open-cards.ts";
import { PagedArray } from "./paged-array.ts";
import type {
  ActionRow,
  ActivityRow,
  CategoryRow,
  ColumnRow,
  CommentRow,
  ExternalLinkRow,
  GroupMemberRow,
  GroupRoleRow,
  GroupRow,
  LinkRow,
  MembershipRow,
  ProjectFileRow,
  ProjectRow,
  SubtaskRow,
  SwimlaneRow,
  TagRow,
  TaskFileRow,
  TaskLinkRow,
  TaskRow,
  TimerRow,
  UserRow,
} from "./rows.ts";
import { Table } from "./table.ts";
import { TaskTable } from "./task-table.ts";

/** The database of one board as values. A copy shares everything that neither side writes to: it costs the same for any board. */
export class Store {
  readonly projects: Table<ProjectRow>;
  readonly columns: Table<ColumnRow>;
  readonly swimlanes: Table<SwimlaneRow>;
  readonly categories: Table<CategoryRow>;
  readonly tasks: TaskTable;
  readonly users: Table<UserRow>;
  readonly tags: Table<TagRow>;
  readonly links: Table<LinkRow>;
  readonly taskLinks: Table<TaskLinkRow>;
  readonly externalLinks: Table<ExternalLinkRow>;
  readonly comments: Table<CommentRow>;
  readonly taskFiles: Table<TaskFileRow>;
  readonly projectFiles: Table<ProjectFileRow>;
  readonly subtasks: Table<SubtaskRow>;
  readonly timers: Table<TimerRow>;
  readonly memberships: Table<MembershipRow>;
  readonly groups: Table<GroupRow>;
  readonly groupMembers: Table<GroupMemberRow>;
  readonly groupRoles: Table<GroupRoleRow>;
  readonly actions: Table<ActionRow>;
  readonly activities: Table<ActivityRow>;
  readonly openCards: OpenCards;
  readonly cards: CardIndexes;
  /** Tasks by tag. */
  readonly tagged: IdIndex<number>;

  /** Committed writes so far: a transaction that read before another's commit may not write after it. */
  commits = 0;

  /** Link rows by the card on their other side. */
  private readonly linksTo: IdIndex<number>;
  /** Ids of the tags of each task, ascending. */
  private readonly tagIds: PagedArray<readonly number[]>;
  /** `getTaskTags` of each task: id to name. */
  private readonly tagViews: PagedArray<JsonObject>;
  /** Tags of a project by folded name; of equal names the first in byte order. */
  private readonly tagNames: PagedArray<ReadonlyMap<string, TagRow>>;
  private readonly taskMetadata: PagedArray<JsonObject>;
  private readonly projectMetadata: PagedArray<JsonObject>;
  /** Base64 by path. */
  private readonly contents: LayeredMap<string, string>;
  /** In plain text, by user id. */
  private readonly passwords: PagedArray<string>;
  private passwordsHashed: number;

  /** A fresh installation, or a copy. */
  constructor(from?: Store) {
    this.projects = from?.projects.copy() ?? new Table(() => 0);
    this.columns = from?.columns.copy() ?? new Table((row) => row.project_id);
    this.swimlanes = from?.swimlanes.copy() ?? new Table((row) => row.project_id);
    this.categories = from?.categories.copy() ?? new Table((row) => row.project_id);
    this.openCards = from?.openCards.copy() ?? new OpenCards();
    this.tasks = from?.tasks.copyWith(this.openCards) ?? new TaskTable(this.openCards);
    this.users = from?.users.copy() ?? new Table(() => 0);
    this.tags = from?.tags.copy() ?? new Table((row) => trayOf(row.project_id));
    this.links = from?.links.copy() ?? new Table(() => 0);
    this.taskLinks = from?.taskLinks.copy() ?? new Table((row) => row.task_id);
    this.externalLinks = from?.externalLinks.copy() ?? new Table((row) => row.task_id);
    this.comments = from?.comments.copy() ?? new Table((row) => row.task_id);
    this.taskFiles = from?.taskFiles.copy() ?? new Table((row) => row.task_id);
    this.projectFiles = from?.projectFiles.copy() ?? new Table((row) => row.project_id);
    this.subtasks = from?.subtasks.copy() ?? new Table((row) => row.task_id);
    this.timers = from?.timers.copy() ?? new Table((row) => row.subtask_id);
    this.memberships = from?.memberships.copy() ?? new Table((row) => row.project_id);
    this.groups = from?.groups.copy() ?? new Table(() => 0);
    this.groupMembers = from?.groupMembers.copy() ?? new Table((row) => row.group_id);
    this.groupRoles = from?.groupRoles.copy() ?? new Table((row) => row.project_id);
    this.actions = from?.actions.copy() ?? new Table((row) => row.project_id);
    this.cards = from?.cards.copy() ?? new CardIndexes();
    this.activities = from?.activities.copy() ?? new Table((row) => row.task_id);
    this.tagIds = from?.tagIds.copy() ?? new PagedArray();
    this.tagged = from?.tagged.copy() ?? new IdIndex(new PagedArray());
    this.tagViews = from?.tagViews.copy() ?? new PagedArray();
    this.linksTo = from?.linksTo.copy() ?? new IdIndex(new PagedArray());
    this.tagNames = from?.tagNames.copy() ?? new PagedArray();
    this.taskMetadata = from?.taskMetadata.copy() ?? new PagedArray();
    this.projectMetadata = from?.projectMetadata.copy() ?? new PagedArray();
    this.contents = from?.contents.copy() ?? new LayeredMap();
    this.passwords = from?.passwords.copy() ?? new PagedArray();
    this.passwordsHashed = from?.passwordsHashed ?? 0;
    if (from === undefined) this.install();
  }

  // Projects

  /**
   * With everything in it, as the foreign keys say.
   *
   * @returns the cards that went with it: its own, and others that stand in its columns or swimlanes
   */
  removeProject(id: number): number[] {
    const found = new Set(this.tasks.idsOf(id));
    for (const column of this.columns.of(id)) for (const card of this.cards.column.ids(column.id)) found.add(card);
    for (const swimlane of this.swimlanes.of(id))
      for (const card of this.cards.swimlane.ids(swimlane.id)) found.add(card);
    const cards = [...found].toSorted((left, right) => left - right);
    for (const card of cards) this.removeTask(this.tasks.find(card)!);
    for (const activity of [...this.activities.all()]) {
      if (activity.project_id === id) this.activities.remove(activity.id);
    }
    removeAll(this.columns, id);
    removeAll(this.swimlanes, id);
    removeAll(this.categories, id);
    removeAll(this.memberships, id);
    removeAll(this.groupRoles, id);
    removeAll(this.actions, id);
    removeAll(this.projectFiles, id);
    this.projectMetadata.set(id, undefined);
    this.projects.remove(id);
    return cards;
  }

  // Tasks

  /** The card of a reference with the lowest id. */
  taskByReference(project: number, reference: string): TaskRow | undefined {
    const key = referenceKey(project, reference);
    const first = this.tasks.find(this.cards.reference.first(key));
    if (first === undefined || first.reference === reference) return first;
    const others = this.cards.reference.ids(key).map((id) => this.tasks.find(id)!);
    return others.find((task) => task.reference === reference);
  }

  insertTask(row: TaskRow): void {
    this.tasks.insert(row);
    if (row.is_active === 1) this.openCards.add(row);
    this.cards.add(row);
  }

  /** @returns the new row */
  updateTask(row: TaskRow, changes: Partial<TaskRow>): TaskRow {
    const next = this.tasks.replace({ ...row, ...changes });
    this.openCards.move(row, next);
    this.cards.move(row, next);
    return next;
  }

  /**
   * Gives the open cards of two places the positions 1, 2, 3 and so on, all but one card: that one comes into the second
   * place at its rank, or stays where and as it is. Only its own row is written; those of the others follow when they
   * are looked at.
   */
  renumber(id: number, source: Place, place: Place, rank: number | undefined): void {
    const { openCards } = this;
    const { version } = openCards;
    const card = this.tasks.find(id)!;
    const isOpenHere = card.is_active === 1 && card.project_id === place.project_id;
    if (isOpenHere) openCards.remove(card);
    if (!isSamePlace(source, place)) openCards.closeGaps(source);
    openCards.closeGaps(place);
    if (rank === undefined) {
      if (isOpenHere) openCards.add(card);
    } else if (isOpenHere) {
      openCards.insertAt(place, rank, id);
      this.put(card, place, rank);
    } else {
      if (rank <= openCards.count(place)) openCards.openGap(place, rank);
      openCards.move(card, this.put(card, place, rank));
    }
    if (openCards.version !== version) this.tasks.dropListing(place.project_id);
  }

  /** With everything that hangs on it, as the foreign keys say. */
  removeTask(row: TaskRow): void {
    const { id } = row;
    for (const link of this.linksTouching(id)) this.removeTaskLink(link);
    for (const subtask of this.subtasks.of(id)) this.removeSubtask(subtask);
    removeAll(this.comments, id);
    removeAll(this.taskFiles, id);
    removeAll(this.externalLinks, id);
    removeAll(this.activities, id);
    this.setTagIds(id, none);
    this.taskMetadata.set(id, undefined);
    if (row.is_active === 1) this.openCards.remove(row);
    this.cards.remove(row);
    this.tasks.remove(id);
  }

  /** @returns the card's new row */
  private put(card: TaskRow, { column_id, swimlane_id }: Place, position: number): TaskRow {
    if (card.position === position && card.column_id === column_id && card.swimlane_id === swimlane_id) return card;
    const next = this.tasks.replace({ ...card, position, column_id, swimlane_id });
    this.cards.move(card, next);
    return next;
  }

  removeSubtask(row: SubtaskRow): void {
    removeAll(this.timers, row.id);
    this.subtasks.remove(row.id);
  }

  /** All link rows with this task on either side, ascending by id. */
  linksTouching(task: number): TaskLinkRow[] {
    const ids = new Set([...this.taskLinks.idsOf(task), ...this.linksTo.ids(task)]);
    return [...ids].toSorted((left, right) => left - right).map((id) => this.taskLinks.find(id)!);
  }

  insertTaskLink(row: TaskLinkRow): void {
    this.taskLinks.insert(row);
    this.linksTo.add(row.opposite_task_id, row.id);
  }

  removeTaskLink(row: TaskLinkRow): void {
    this.taskLinks.remove(row.id);
    this.linksTo.delete(row.opposite_task_id, row.id);
  }

  replaceTaskLink(from: TaskLinkRow, to: TaskLinkRow): void {
    this.taskLinks.replace(to);
    this.linksTo.delete(from.opposite_task_id, from.id);
    this.linksTo.add(to.opposite_task_id, to.id);
  }

  // Tags

  tagsOf(task: number): readonly number[] {
    return this.tagIds.get(task) ?? none;
  }

  tagView(task: number): JsonObject {
    const known = this.tagViews.get(task);
    if (known !== undefined) return known;
    const ids = this.tagIds.get(task);
    if (ids === undefined) return nothing;
    const view = Object.fromEntries(ids.map((id) => [id, this.tags.find(id)!.name]));
    this.tagViews.set(task, view);
    return view;
  }

  /** Sorted by code unit. */
  tagNamesOf(task: number): readonly string[] {
    return this.tagsOf(task)
      .map((id) => this.tags.find(id)!.name)
      .toSorted();
  }

  /** The tag that Kanboard takes for a name: that of the lower project first, mostly a global one, letters of either case, with LIKE's wildcards. */
  findTag(project: Cell, name: string): TagRow | undefined {
    if (!/[%_]/.test(name)) {
      const folded = foldCase(name);
      const [global, own] = [this.tagsByName(0).get(folded), this.tagsByName(project).get(folded)];
      return compareCells(project, 0) < 0 ? (own ?? global) : (global ?? own);
    }
    const byName = (of: Cell): TagRow[] =>
      this.tagsIn(of).toSorted((left, right) => compareText(left.name, right.name));
    const inOrder =
      compareCells(project, 0) < 0 ? [...byName(project), ...byName(0)] : [...byName(0), ...byName(project)];
    return inOrder.find((tag) => isLike(tag.name, name));
  }

  /** Exact, as the unique index over project and name sees it. */
  hasTag(project: Cell, name: string, except = 0): boolean {
    return this.tagsIn(project).some((tag) => tag.name === name && tag.id !== except);
  }

  /** Of one project, by id. */
  tagsIn(project: Cell): TagRow[] {
    const tags = this.tags.of(trayOf(project));
    return isTray(project) ? tags : tags.filter((tag) => tag.project_id === project);
  }

  insertTag(row: TagRow): void {
    this.tags.insert(row);
    this.tagNames.set(trayOf(row.project_id), undefined);
  }

  updateTag(row: TagRow, changes: Partial<TagRow>): void {
    this.tags.replace({ ...row, ...changes });
    this.tagNames.set(trayOf(row.project_id), undefined);
    this.tagViews.clear();
  }

  /** @returns the tasks that lost it */
  removeTag(row: TagRow): number[] {
    const tasks = this.tagged.ids(row.id);
    for (const task of tasks) this.detachTag(task, row.id);
    this.tagNames.set(trayOf(row.project_id), undefined);
    this.tags.remove(row.id);
    return tasks;
  }

  attachTag(task: number, tag: number): void {
    const ids = this.tagsOf(task);
    const index = ids.findIndex((id) => id > tag);
    this.setTagIds(task, index < 0 ? [...ids, tag] : ids.toSpliced(index, 0, tag));
  }

  /** @returns whether it was attached */
  detachTag(task: number, tag: number): boolean {
    const ids = this.tagsOf(task);
    if (!ids.includes(tag)) return false;
    this.setTagIds(
      task,
      ids.filter((id) => id !== tag),
    );
    return true;
  }

  // Metadata

  metadataOf(owner: MetadataOwner, id: number): JsonObject {
    return this.metadata(owner).get(id) ?? nothing;
  }

  /** @param value undefined removes the entry */
  setMetadata(owner: MetadataOwner, id: number, name: string, value: string | null | undefined): void {
    const entries = new Map(Object.entries(this.metadataOf(owner, id)));
    if (value === undefined) entries.delete(name);
    else entries.set(name, value);
    const sorted = [...entries].toSorted(([left], [right]) => compareText(left, right));
    this.metadata(owner).set(id, Object.fromEntries(sorted));
  }

  // Files

  contentOf(path: string): string | undefined {
    return this.contents.get(path);
  }

  storeContent(path: string, base64: string): void {
    this.contents.set(path, base64);
  }

  removeContent(path: string): void {
    this.contents.set(path, undefined);
  }

  // Users

  insertUser(row: Omit<UserRow, "password">, password: string): void {
    this.users.insert({ ...row, password: passwordHash(row.username, password, ++this.passwordsHashed) });
    this.passwords.set(row.id, password);
  }

  isPassword(user: number, password: string): boolean {
    return this.passwords.get(user) === password;
  }

  userNamed(username: string): UserRow | undefined {
    for (const user of this.users.all()) if (user.username === username) return user;
    return undefined;
  }

  /** A user's own role, else the highest one of their groups; empty for who is no member. */
  roleOf(project: number, user: number): string {
    const own = this.memberships.of(project).find((membership) => membership.user_id === user)?.role ?? "";
    if ((own !== "" && own !== "0") || !this.groupRoles.hasAny(project)) return own;
    return highestRole(this.groupRolesOf(project, user));
  }

  /** Whether the user belongs to the project, with any role. */
  isInProject(project: number, user: number): boolean {
    return (
      this.memberships.of(project).some((membership) => membership.user_id === user) ||
      this.groupRolesOf(project, user).length > 0
    );
  }

  isGroupMember(group: number, user: number): boolean {
    return this.groupMembers.of(group).some((member) => member.user_id === user);
  }

  /** Ids of the groups of a user. */
  groupsOf(user: number): number[] {
    const ids: number[] = [];
    for (const member of this.groupMembers.all()) if (member.user_id === user) ids.push(member.group_id);
    return ids;
  }

  /** With its members and its roles in projects. */
  removeGroup(id: number): void {
    removeAll(this.groupMembers, id);
    for (const row of [...this.groupRoles.all()]) if (row.group_id === id) this.groupRoles.remove(row.id);
    this.groups.remove(id);
  }

  private groupRolesOf(project: number, user: number): string[] {
    return this.groupRoles
      .of(project)
      .filter((row) => this.isGroupMember(row.group_id, user))
      .map((row) => row.role);
  }

  private setTagIds(task: number, ids: readonly number[]): void {
    const before = this.tagsOf(task);
    for (const tag of before) if (!ids.includes(tag)) this.tagged.delete(tag, task);
    for (const tag of ids) if (!before.includes(tag)) this.tagged.add(tag, task);
    this.tagIds.set(task, ids.length === 0 ? undefined : ids);
    this.tagViews.set(task, undefined);
  }

  private tagsByName(project: Cell): ReadonlyMap<string, TagRow> {
    const known = isTray(project) ? this.tagNames.get(project) : undefined;
    if (known !== undefined) return known;
    const names = new Map<string, TagRow>();
    const ofProject = this.tagsIn(project);
    for (const tag of ofProject.toSorted((left, right) => compareText(left.name, right.name))) {
      const folded = foldCase(tag.name);
      if (!names.has(folded)) names.set(folded, tag);
    }
    if (isTray(project) && ofProject.length > 0) this.tagNames.set(project, names);
    return names;
  }

  private metadata(owner: MetadataOwner): PagedArray<JsonObject> {
    return owner === "task" ? this.taskMetadata : this.projectMetadata;
  }

  private install(): void {
    this.insertUser({ ...userDefaults, id: 1, username: "admin", is_admin: 1, role: "app-admin" }, "admin");
    linkLabels.forEach(([label, opposite_id], index) => this.links.insert({ id: index + 1, label, opposite_id }));
  }
}

export type MetadataOwner = "task" | "project";

/** A user row before anything is given. */
export const userDefaults = {
  is_admin: 0,
  is_ldap_user: 0,
  name: null,
  email: null,
  google_id: null,
  github_id: null,
  notifications_enabled: 0,
  timezone: null,
  language: null,
  disable_login_form: 0,
  twofactor_activated: 0,
  twofactor_secret: null,
  token: "",
  notifications_filter: 4,
  nb_failed_login: 0,
  lock_expiration_date: 0,
  is_project_admin: 0,
  gitlab_id: null,
  is_active: 1,
  avatar_path: null,
  api_access_token: null,
  filter: null,
  theme: "light",
} as const;

/** Removes all rows of one parent. */
export function removeAll<Row extends { readonly id: number }>(table: Table<Row>, parent: number): void {
  for (const row of table.of(parent)) table.remove(row.id);
}

/** A role that nobody has heard of counts as much as the manager's; the first of equals wins. */
function highestRole(roles: readonly string[]): string {
  let highest: string | undefined;
  for (const role of roles) if (highest === undefined || rankOf(role) < rankOf(highest)) highest = role;
  return highest ?? "";
}

function rankOf(role: string): number {
  return role === "project-viewer" ? 3 : role === "project-member" ? 2 : 1;
}

/** Where the tags of a project lie: in a tray of their own, or in the last one with those of all odd projects. */
export function trayOf(project: Cell): number {
  return isTray(project) ? project : lastTray;
}

function isTray(project: Cell): project is number {
  return typeof project === "number" && Number.isInteger(project) && project >= 0 && project < lastTray;
}

const lastTray = 1_000_000;

const none: readonly number[] = [];
const nothing: JsonObject = {};

const linkLabels: readonly (readonly [label: string, oppositeId: number])[] = [
  ["relates to", 0],
  ["blocks", 3],
  ["is blocked by", 2],
  ["duplicates", 5],
  ["is duplicated by", 4],
  ["is a child of", 7],
  ["is a parent of", 6],
  ["targets milestone", 9],
  ["is a milestone of", 8],
  ["fixes", 11],
  ["is fixed by", 10],
];

/** Of the form of a bcrypt hash, another one each time; nothing checks it. */
function passwordHash(username: string, password: string, salt: number): string {
  const digits = digest64(`${username}\n${password}\n${salt}`);
  return `$2y$10$${digits.repeat(4).slice(0, 53)}`;
}
