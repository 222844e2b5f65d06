// Writing down what happened from a record's page: notes, tasks, comments; ticking, undoing, being told.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertClean, assertHolds, assertLight, open, signIn, signedIn } from '../harness.mjs';

async function api(page, path, body) {
  return page.evaluate(
    async ([path, body]) => {
      const me = await (await fetch('/api/v1/me')).json();
      const answer = await fetch(path, { method: body ? 'POST' : 'GET', headers: { 'content-type': 'application/json', 'x-csrf-token': me.csrf }, body: body && JSON.stringify(body) });
      return answer.json();
    },
    [path, body],
  );
}

async function person(page, name) {
  await page.goto('/');
  const made = await api(page, '/api/v1/people', { fields: { name } });
  await page.goto(`/people/${made.id}`);
  return `/people/${made.id}`;
}

const choose = (page, what) => page.locator('.composer .segments label', { hasText: what }).click();
const save = (page) => page.locator('.composer .acts button').click();

test('a note, a task and a comment are written on a record’s page and stand in its timeline at once', async (t) => {
  const page = await signedIn(t);
  await person(page, 'Chiara Tagebuch');
  await page.getByLabel('Text', { exact: true }).fill('Called about the plan\nPrefers the second variant');
  await page.getByLabel('Kind of note').selectOption('call');
  await save(page);
  await page.waitForURL(/logged=note/);
  assert.match(await page.locator('#time .event').first().innerText(), /Call\s+Called about the plan/);
  await choose(page, 'Task');
  await page.getByLabel('Text', { exact: true }).fill('Send the offer');
  await page.locator('[name="log.due"]').fill('2030-01-11');
  await page.locator('[name="log.time"]').fill('14:30');
  await page.getByLabel('Reminder').selectOption('hour');
  await assertHolds(page, 'composer-task');
  await save(page);
  await page.waitForURL(/logged=task/);
  assert.match(await page.locator('#time .event').first().innerText(), /Send the offer[\s\S]*11 Jan 2030[\s\S]*14:30/);
  await assertHolds(page, 'person-logged');
});

test('a refused text is kept and its fault stands at its field', async (t) => {
  const page = await signedIn(t, { tolerate: [/422/] });
  await person(page, 'Paula Pflicht');
  await choose(page, 'Task');
  await page.getByLabel('Text', { exact: true }).fill('Ring her');
  await page.getByLabel('Reminder').selectOption('week');
  await save(page);
  await page.locator('.composer .wrong').waitFor();
  assert.equal(await page.getByLabel('Text', { exact: true }).inputValue(), 'Ring her');
  assert.match(await page.locator('.composer .wrong').innerText(), /counted from the due date/);
  await assertHolds(page, 'composer-refused');
});

test('a task is ticked from the timeline by the keyboard alone and opened again by Undo', async (t) => {
  const page = await signedIn(t);
  const href = await person(page, 'Tina Haken');
  await api(page, '/api/v1/tasks', { fields: { title: 'Count the boxes', person: href.split('/').pop() } });
  await page.goto(href);
  await page.getByRole('button', { name: 'Mark as done: Count the boxes' }).focus();
  await page.keyboard.press('Enter');
  await page.waitForURL(/ticked=/);
  await page.getByRole('button', { name: 'Open again: Count the boxes' }).waitFor();
  await page.getByRole('button', { name: 'Undo' }).focus();
  await page.keyboard.press('Enter');
  await page.waitForURL(/undone=1/);
  await page.getByRole('button', { name: 'Mark as done: Count the boxes' }).waitFor();
  assertClean(page);
});

test('a colleague who is mentioned is told, on the bell, the page and the desk', async (t) => {
  const page = await signedIn(t);
  const href = await person(page, 'Mira Erwähnt');
  const ines = { email: 'ines@example.org' };
  ines.password = (await api(page, '/api/v1/users', { name: 'Ines Calderon', email: ines.email, role: 'agent' })).password;
  await page.goto(href);
  await choose(page, 'Comment');
  const text = page.getByLabel('Text', { exact: true });
  await text.pressSequentially('Please look, @ine');
  await page.locator('.suggest [role=option]').first().waitFor();
  await page.keyboard.press('Enter');
  assert.equal(await text.inputValue(), 'Please look, @Ines Calderon ');
  await text.pressSequentially('before Friday');
  await assertHolds(page, 'composer-comment');
  await page.keyboard.press('Control+Enter');
  await page.waitForURL(/logged=comment/);
  const hers = await open(t);
  await hers.goto('/sign-in');
  await signIn(hers, ines);
  await hers.goto('/');
  await hers.locator('.bell b').waitFor();
  await assertHolds(hers, 'home-told');
  t.diagnostic(JSON.stringify(await assertLight(hers, '/notices')));
  assert.match(await hers.locator('.told').first().innerText(), /mentioned you in Please look, @Ines Calderon before Friday · about Mira Erwähnt/);
  await assertHolds(hers, 'notices');
  await hers.getByRole('button', { name: 'Mark as read' }).click();
  await hers.waitForFunction(() => !document.querySelector('.bell b'));
  await assertHolds(hers, 'notices-read');
});

test('without a script one writes, ticks and reads as well', async (t) => {
  const page = await signedIn(t);
  const href = await person(page, 'Otto Ohneskript');
  const plain = await signedIn(t, { javaScript: false });
  await plain.goto(href);
  await choose(plain, 'Task');
  await plain.getByLabel('Text', { exact: true }).fill('Post the letter');
  await save(plain);
  await plain.waitForURL(/logged=task/);
  await plain.getByRole('button', { name: 'Mark as done: Post the letter' }).click();
  await plain.waitForURL(/ticked=/);
  await plain.getByRole('button', { name: 'Undo' }).click();
  await plain.waitForURL(/undone=1/);
  await plain.getByRole('button', { name: 'Mark as done: Post the letter' }).waitFor();
});
